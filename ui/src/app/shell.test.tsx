import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import type { Gap } from '../api/bindings';
import { renderApp, routeList } from '../test-host';

const gap: Gap = {
  context: 'prod@us-east-1',
  service: 'apigateway',
  operation: 'GetStages',
  resource: 'the stages of API shop',
  kind: 'denied',
  code: 'AccessDeniedException',
  message: 'the stages of API shop was not read: AWS denied GetStages.',
  requestId: '4f1c',
};

test('a first run without contexts welcomes, and opens the demo account on request', async () => {
  let open = false;
  const { asked } = renderApp({
    context_list: () => ({
      profiles: [],
      defaultChain: false,
      regions: [],
      open: open ? [{ spec: { source: { kind: 'demo' } }, label: 'demo', access: { mode: 'read-only', protected: false } }] : [],
    }),
    context_select: () => {
      open = true;
      return { profiles: [], defaultChain: false, regions: [], open: [] };
    },
  });
  await screen.findByText('Welcome to Portcullis');
  screen.getByText(/No AWS credentials were found/);
  fireEvent.click(screen.getByText('Open the demo account'));
  await screen.findByText('No routes');
  expect(asked.find(call => call.name === 'context_select')?.request).toEqual({ contexts: [{ source: { kind: 'demo' } }] });
});

test('what could not be read is said with operation, code and request id, and the rest stays', async () => {
  renderApp({
    inventory_status: () => ({
      revision: 1,
      notices: [],
      contexts: [
        {
          context: 'prod@us-east-1',
          phase: 'done',
          apisDone: 3,
          apisTotal: 3,
          routes: 9,
          calls: { 'apigateway:GetStages': 3 },
          readAt: new Date().toISOString(),
          fromSnapshot: false,
          coverage: { complete: false, gaps: [gap] },
        },
      ],
    }),
    route_list: () => routeList([]),
  });
  await screen.findByText('One thing could not be read');
  screen.getByText(/apigateway:GetStages answered AccessDeniedException, request 4f1c/);
  screen.getByText('No routes');
});

test('progress says APIs, calls and the budget, and reading can be stopped', async () => {
  const status = {
    context: 'prod',
    phase: 'reading' as const,
    apisDone: 2,
    apisTotal: 8,
    routes: 0,
    calls: { 'apigateway:GetStages': 4, 'apigateway:GetResources': 3 },
    budget: { rate: 10, burst: 40, available: 0, waiting: 5 },
    readAt: '2026-03-01T10:00:00Z',
    fromSnapshot: true,
    coverage: { complete: true, gaps: [] },
  };
  const { asked } = renderApp({
    inventory_status: () => ({ revision: 1, notices: [], contexts: [status] }),
    inventory_cancel: () => ({ revision: 2, notices: [], contexts: [] }),
  });
  await screen.findByText(/2 of 8 APIs, 7 calls, 5 calls wait for the budget of 10 a second/);
  screen.getByText(/shown from the last snapshot/);
  fireEvent.click(screen.getByText('Stop'));
  await waitFor(() => expect(asked.some(call => call.name === 'inventory_cancel')).toBe(true));
});

test('the palette finds, arrows choose, Enter goes there', async () => {
  const { asked } = renderApp({
    palette_search: () => ({
      items: [
        { kind: 'api', id: 'a1', title: 'storefront', subtitle: 'API a1' },
        { kind: 'route', id: '1/eu-west-1/a1/prod/POST/login', title: 'POST /login', subtitle: 'storefront, prod' },
      ],
    }),
  });
  await screen.findByText('No routes');
  fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  const input = await screen.findByRole('combobox', { name: 'Find an API, a route or a view' });
  fireEvent.change(input, { target: { value: 'login' } });
  const list = screen.getByRole('listbox', { name: 'Found' });
  await within(list).findByText('POST /login');
  fireEvent.keyDown(input, { key: 'ArrowDown', keyCode: 40 });
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await waitFor(() => expect(asked.some(call => call.name === 'route_get')).toBe(true));
  expect(decodeURIComponent(window.location.hash)).toContain('POST/login');
});

test('a mistake in the rules is shown at its line, and such rules cannot be saved', async () => {
  renderApp(
    {
      audience_rules_get: () => ({ path: '/home/ana/.config/portcullis/audience.toml', text: '', exists: true }),
      audience_rules_preview: request => {
        if (request.text.includes('costumer')) {
          throw {
            code: 'rules-invalid',
            message: 'Line 2, column 12, audience: unknown variant `costumer`; did you mean `customer`?',
            position: { line: 2, column: 12, field: 'audience' },
          };
        }
        return { rules: 0, idleRules: [], moving: 0, moves: [] };
      },
    },
    '#/rules',
  );
  await screen.findByText('No route would move.');
  fireEvent.change(screen.getByLabelText('Audience rules'), { target: { value: '[[rule]]\naudience = "costumer"' } });
  await screen.findByText(/^Line 2, column 12, audience: unknown variant/);
  expect(
    screen.getByText('Save').closest('button')?.disabled || screen.getByText('Save').closest('button')?.getAttribute('aria-disabled'),
  ).toBeTruthy();
});
