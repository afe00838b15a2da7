// A whole backend in memory, for tests and for `vite` in a plain browser. It never leaves this process, it is no part
// of the built window, and what goes wrong in it goes wrong by a switch.
import type { Audience, ContextSpec, InventoryStatus, OpenContext, Route, RouteDetail, WireError } from './bindings';
import { NO_FILTER } from '../features/findings/search';
import type { Operation, Platform, Request, Response } from './client';
import { PROFILES, REGIONS, coverageWith, diagnose, opened } from './fake-contexts';
import { FAKE_APIS, FAKE_ACCOUNT, FAKE_CONTEXT, FAKE_REGION, fakeRoutes } from './fake-data';
import { FAKE_FINDINGS, listFindings, overviewOf } from './fake-findings';
import { listRoutes, valueOf } from './fake-query';
import { FAKE_RULES, FAKE_RULES_PATH, parseRules, previewRules } from './fake-rules';

export interface FakeSwitches {
  /** What is open at the start; the demo account when nothing is said. */
  open?: ContextSpec[];
  /** Whether the machine has profiles; it has when nothing is said. */
  profiles?: boolean;
  /** Calls that brought nothing. */
  gaps?: number;
  /** An account without APIs. */
  empty?: boolean;
  /** Reading is under way: so many APIs are done. */
  reading?: number;
  /** The last reading was stopped before its end. */
  stopped?: boolean;
  /** What is shown is so many minutes old and from the last snapshot. */
  snapshotMinutes?: number;
  /** Operations that fail, and with what. */
  fail?: Partial<Record<Operation, WireError>>;
  /** Operations that never answer. */
  hang?: Operation[];
  /** Somebody else changes the rules file right after it was read. */
  rulesConflict?: boolean;
}

/** The views that need more than this are looked at in the real window on the demo account. */
type Handlers = { [K in Operation]?: (request: Request<K>) => Response<K> };

export interface Fake extends Platform {
  /** Change while it runs, then `changed()`. */
  switches: FakeSwitches;
  /** Tells the interface that the inventory changed. */
  changed(): void;
  /** What was called, in order. */
  calls: { name: Operation; request: unknown }[];
  /** What went to the clipboard. */
  copied: string[];
}

const NOT_THERE: WireError = { code: 'not-found', message: 'This route is not in the inventory any more.', hint: 'Refresh the inventory.' };

function detailOf(route: Route): RouteDetail {
  const of = FAKE_APIS.find(candidate => candidate.api.id === route.apiId);
  const stage = of?.stages.find(candidate => candidate.name === route.stage);
  if (!of || !stage) throw NOT_THERE;
  const { limit, source } = route.throttle;
  return {
    route,
    api: of.api,
    stage,
    guardNotes: [`deployment ${stage.deploymentId ?? 'none'} says ${route.guard.authorizationType}`],
    throttleLayers: [
      { source, label: `stage ${route.stage}`, limit, bindsRate: true, bindsBurst: true, replaced: false },
      { source: 'account', label: 'account', limit: { rate: 10_000, burst: 5_000 }, bindsRate: false, bindsBurst: false, replaced: false },
    ],
    arn: `arn:aws:execute-api:${FAKE_REGION}:${FAKE_ACCOUNT}:${route.apiId}/${route.stage}/${route.method}${route.path}`,
    awsCommand: `aws apigateway get-resources --rest-api-id ${route.apiId} --embed methods`,
    consoleUrl: `https://${FAKE_REGION}.console.aws.amazon.com/apigateway/main/apis/${route.apiId}/resources`,
    raw: [
      {
        title: 'Method',
        call: 'apigateway:GetResources',
        pointer: '/items/0',
        json: JSON.stringify({ httpMethod: route.method }, null, 2),
      },
    ],
  };
}

/** A fresh backend. */
export function newFake(switches: FakeSwitches = {}): Fake {
  const listeners = new Set<() => void>();
  const state = {
    switches,
    revision: 1,
    open: (switches.open ?? [{ source: { kind: 'demo' } }]).map(opened),
    rules: FAKE_RULES,
    findings: structuredClone(FAKE_FINDINGS),
    checked: '',
  };
  const everyRoute = fakeRoutes();
  const routes = () => (state.switches.empty || state.open.length === 0 ? [] : everyRoute);
  const coverage = () => coverageWith(state.switches.gaps ?? 0);
  const changed = () => {
    state.revision += 1;
    for (const listener of listeners) listener();
  };

  const statusOf = (context: OpenContext): InventoryStatus['contexts'][number] => {
    const { reading, snapshotMinutes } = state.switches;
    const readAt =
      reading !== undefined && snapshotMinutes === undefined ? null : new Date(Date.now() - (snapshotMinutes ?? 0) * 60_000).toISOString();
    return {
      context: context.label,
      phase: reading !== undefined ? 'reading' : state.switches.stopped ? 'cancelled' : 'done',
      apisDone: reading ?? FAKE_APIS.length,
      apisTotal: reading === 0 ? null : FAKE_APIS.length,
      routes: routes().length,
      calls: { 'apigateway:GetRestApis': 1, 'apigateway:GetResources': (reading ?? FAKE_APIS.length) * 2 },
      budget: { rate: 10, burst: 40, available: reading === undefined ? 40 : 0, waiting: reading === undefined ? 0 : 12 },
      readAt,
      fromSnapshot: snapshotMinutes !== undefined,
      coverage: coverage(),
    };
  };
  const status = (): InventoryStatus => ({ revision: state.revision, contexts: state.open.map(statusOf), notices: [] });
  const contextList = () => ({
    profiles: (state.switches.profiles ?? true) ? PROFILES : [],
    defaultChain: false,
    regions: REGIONS,
    open: state.open,
  });
  const rulesFile = () => ({ path: FAKE_RULES_PATH, text: state.rules, exists: true, problem: null });
  const read = (reading: number | undefined, stopped = false) => {
    state.switches = { ...state.switches, reading, stopped, snapshotMinutes: undefined };
    changed();
    return status();
  };
  const routeById = (id: string): Route => {
    const route = routes().find(candidate => candidate.id === id);
    if (!route) throw NOT_THERE;
    return route;
  };

  const handlers: Handlers = {
    context_list: contextList,
    context_select: ({ contexts }) => {
      state.open = contexts.map(opened);
      changed();
      return contextList();
    },
    context_diagnose: () => diagnose(state.open),
    inventory_refresh: () => read(2),
    inventory_status: status,
    inventory_cancel: () => read(undefined, true),
    api_list: () => ({
      items:
        routes().length === 0
          ? []
          : FAKE_APIS.map(({ api, stages }) => ({
              context: state.open[0]?.label ?? FAKE_CONTEXT,
              account: FAKE_ACCOUNT,
              region: FAKE_REGION,
              api,
              stages,
              routes: routes().filter(route => route.apiId === api.id).length,
            })),
      coverage: coverage(),
    }),
    route_list: request => listRoutes(routes(), request, state.revision, coverage()),
    route_values: ({ property, text }) => {
      const values = new Set(routes().map(route => valueOf(route, property)));
      return { values: [...values].filter(value => value.toLowerCase().includes(text.toLowerCase())).slice(0, 50) };
    },
    journal_list: () => ({ total: 0, matching: 0, unfinished: 0, lines: [] }),
    finding_list: request => listFindings(routes().length === 0 ? [] : state.findings, request, coverageWith(0), state.checked),
    posture_overview: () => overviewOf(routes().length === 0 ? [] : state.findings, coverageWith(0), state.checked),
    posture_refresh: () => {
      state.checked = new Date().toISOString();
      changed();
      const request = { query: { filter: NO_FILTER, groupBy: 'none' as const }, collapsed: [], offset: 0, limit: 1 };
      return listFindings(state.findings, request, coverage(), state.checked).run;
    },
    finding_exception_set: ({ findingId, exception }) => {
      const finding = state.findings.find(candidate => candidate.id === findingId);
      if (!finding) throw { code: 'not-found', message: `There is no finding ${findingId} any more.` } satisfies WireError;
      finding.exception = exception ? { ...exception, by: 'you', at: new Date().toISOString() } : null;
      return finding;
    },
    route_get: ({ id }) => detailOf(routeById(id)),
    route_export: ({ path }) => ({ path, routes: routes().length, complete: coverage().complete }),
    palette_search: ({ text, limit }) => {
      const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
      const found = (title: string) => words.every(word => title.toLowerCase().includes(word));
      const apis = FAKE_APIS.filter(({ api }) => found(api.name)).map(({ api }) => ({
        kind: 'api' as const,
        id: api.id,
        title: api.name,
        subtitle: `API ${api.id} in ${FAKE_CONTEXT}`,
      }));
      const rows = routes()
        .filter(route => found(`${route.method} ${route.path} ${route.apiName}`))
        .map(route => ({
          kind: 'route' as const,
          id: route.id,
          title: `${route.method} ${route.path}`,
          subtitle: `${route.apiName}, ${route.stage}`,
        }));
      return { items: [...apis, ...rows].slice(0, limit) };
    },
    audience_rules_get: () => {
      const file = rulesFile();
      if (state.switches.rulesConflict) state.rules = `${FAKE_RULES}# changed by somebody else\n`;
      return file;
    },
    audience_rules_preview: ({ text }) => previewRules(text, routes()),
    audience_rules_save: ({ text, base }) => {
      parseRules(text);
      if (base !== state.rules) {
        const message = `${FAKE_RULES_PATH} was changed by somebody else since you began.`;
        throw { code: 'invalid-input', message, hint: 'Copy your text, reload the file, and bring both together.' } satisfies WireError;
      }
      state.rules = text;
      return rulesFile();
    },
    audience_override_set: ({ routeId, audience, reason }) => {
      const route = routeById(routeId);
      const chosen: Audience = audience ?? 'unclassified';
      route.audience = { audience: chosen, source: audience ? 'override' : 'none', reason: audience ? reason : 'no rule knows this path' };
      return detailOf(route);
    },
  };

  const fake: Fake = {
    get switches() {
      return state.switches;
    },
    set switches(next) {
      state.switches = next;
    },
    changed,
    calls: [],
    copied: [],
    call: async (name, request) => {
      fake.calls.push({ name, request });
      const failure = state.switches.fail?.[name];
      if (failure) throw failure;
      if (state.switches.hang?.includes(name)) return new Promise(() => undefined);
      const handler = handlers[name];
      if (!handler) throw { code: 'internal', message: `the fake account has no ${name}` } satisfies WireError;
      return structuredClone(handler(request));
    },
    onInventory: listener => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    chooseSavePath: name => Promise.resolve(`/tmp/${name}`),
    openUrl: () => Promise.resolve(),
    copyText: text => {
      fake.copied.push(text);
      return Promise.resolve();
    },
    copySecret: () => Promise.resolve(),
  };
  return fake;
}
