// A host for tests: it answers operations from a table, and remembers what was asked.
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';

import type { Coverage, Route, RouteLine, RouteList } from './api/bindings';
import type { Operation, Platform, Request, Response } from './api/client';
import { replaceHost } from './api/client';
import { newQueryClient } from './api/queries';
import { newRouter } from './app/router';

export const complete: Coverage = { complete: true, gaps: [] };

export function route(change: Partial<Route> = {}): Route {
  return {
    id: `1/eu-west-1/a1/prod/${change.method ?? 'GET'}${change.path ?? '/products'}`,
    context: 'demo',
    account: '111122223333',
    region: 'eu-west-1',
    apiId: 'a1',
    apiName: 'storefront',
    apiKind: 'REST',
    endpointType: 'REGIONAL',
    stage: 'prod',
    method: 'GET',
    path: '/products',
    audience: { audience: 'public', source: 'built-in', reason: 'the path has the word "products"' },
    class: { class: 'browse', reason: 'GET reads' },
    guard: { authorizationType: 'NONE', scopes: [], apiKeyRequired: false },
    throttle: { limit: { rate: 50, burst: 100 }, source: 'stage-default', burstSource: 'stage-default' },
    customUrls: [],
    drift: 'none',
    ...change,
  };
}

export function routeList(lines: RouteLine[], change: Partial<RouteList> = {}): RouteList {
  const routes = lines.filter(line => line.line === 'route').length;
  return {
    revision: 1,
    total: routes,
    matching: routes,
    preflights: 0,
    lineCount: lines.length,
    groups: [],
    lines,
    coverage: complete,
    ...change,
  };
}

type Answers = { [K in Operation]?: (request: Request<K>) => Response<K> | Promise<Response<K>> };

const open = {
  spec: { source: { kind: 'demo' as const } },
  label: 'demo',
  account: '111122223333',
  region: 'eu-west-1',
  access: { mode: 'read-only' as const, protected: false },
};

const usual: Answers = {
  context_list: () => ({ profiles: [], defaultChain: false, regions: ['eu-west-1'], open: [open] }),
  inventory_status: () => ({ revision: 1, notices: [], contexts: [] }),
  route_list: () => routeList([]),
  route_values: () => ({ values: ['admin', 'public'] }),
  palette_search: () => ({ items: [] }),
  api_list: () => ({ items: [], coverage: complete }),
  canary_release_list: () => ({ releases: [] }),
  canary_template_list: () => ({ templates: [] }),
  demo_clock_set: () => ({ now: '2026-03-02T15:00:00Z', speed: 1, settable: false }),
};

/** Renders the whole interface on a host that answers like this; answers with what it was asked. */
export function renderApp(answers: Answers, hash = '#/routes') {
  const asked: { name: Operation; request: unknown }[] = [];
  const table: Answers = { ...usual, ...answers };
  const copied: string[] = [];
  const platform: Platform = {
    call: async <K extends Operation>(name: K, request: Request<K>) => {
      asked.push({ name, request });
      const answer = table[name];
      if (!answer) throw { code: 'internal', message: `the test has no answer for ${name}` };
      return answer(request);
    },
    onInventory: () => () => undefined,
    chooseSavePath: async () => '/home/ana/routes.csv',
    openUrl: async () => undefined,
    copyText: async text => void copied.push(text),
    copySecret: async text => void copied.push(`secret: ${text}`),
  };
  replaceHost(platform);
  window.location.hash = hash;
  const view = render(
    <QueryClientProvider client={newQueryClient()}>
      <RouterProvider router={newRouter()} />
    </QueryClientProvider>,
  );
  return { view, asked, copied };
}
