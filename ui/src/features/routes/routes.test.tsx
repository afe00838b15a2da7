import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';

import type { RouteLine, RouteListRequest } from '../../api/bindings';
import { renderApp, route, routeList } from '../../test-host';

const signals = { open: 0, uncovered: 0, unthrottled: 0, drifted: 0, canary: 0 };

function grouped(collapsed: string[] = []): RouteLine[] {
  const admin = { key: 'admin', label: 'Admin', count: 1, signals: { ...signals, open: 1 } };
  const refund = route({
    method: 'POST',
    path: '/refunds',
    audience: { audience: 'admin', source: 'built-in', reason: 'the path has the word "refunds"' },
  });
  return [
    { line: 'group', group: admin, collapsed: collapsed.includes('admin') },
    ...(collapsed.includes('admin') ? [] : [{ line: 'route' as const, route: refund }]),
  ];
}

test('groups say what to look at first, and an open route says so in its row', async () => {
  renderApp({ route_list: () => routeList(grouped()) });
  const grid = await screen.findByRole('treegrid', { name: 'Routes' });
  expect(await within(grid).findByText('1 open')).toBeTruthy();
  const row = within(grid).getByText('/refunds').closest('[role="row"]');
  expect(row?.textContent).toContain('Open');
});

test('a folded group asks for the list without its rows', async () => {
  const { asked } = renderApp({ route_list: request => routeList(grouped(request.collapsed)) });
  fireEvent.click(await screen.findByText('Admin'));
  await waitFor(() => expect(screen.queryByText('/refunds')).toBeNull());
  const last = asked.findLast(call => call.name === 'route_list')?.request as RouteListRequest;
  expect(last.collapsed).toEqual(['admin']);
});

test('an address is a question: filter, group and sort come from it', async () => {
  const search = new URLSearchParams({
    filter: JSON.stringify({ operation: 'or', tokens: [{ property: 'method', operator: '!=', value: 'GET' }] }),
    group: 'api',
    sort: 'rateLimit',
    descending: 'true',
  });
  const { asked } = renderApp({ route_list: () => routeList(grouped()) }, `#/routes?${search.toString()}`);
  await screen.findByText('/refunds');
  const { query } = asked.find(call => call.name === 'route_list')?.request as RouteListRequest;
  expect(query.filter).toMatchObject({ operation: 'or', tokens: [{ property: 'method', operator: '!=', value: 'GET' }] });
  expect(query.groupBy).toBe('api');
  expect(query.sort).toEqual({ property: 'rateLimit', descending: true });
});

test('an address that makes no sense shows everything instead of nothing', async () => {
  const { asked } = renderApp({ route_list: () => routeList(grouped()) }, '#/routes?filter=12&group=shoes&sort=7');
  await screen.findByText('/refunds');
  const { query } = asked.find(call => call.name === 'route_list')?.request as RouteListRequest;
  expect(query).toMatchObject({ filter: { tokens: [] }, groupBy: 'audience', sort: null });
});

test('arrows move, Enter opens the route, Escape closes it', async () => {
  const { asked } = renderApp({ route_list: () => routeList(grouped()) });
  const grid = await screen.findByRole('treegrid', { name: 'Routes' });
  await within(grid).findByText('/refunds');
  fireEvent.keyDown(grid, { key: 'ArrowDown' });
  fireEvent.keyDown(grid, { key: 'Enter' });
  await waitFor(() => expect(asked.some(call => call.name === 'route_get')).toBe(true));
  expect(window.location.hash).toContain('refunds');
  fireEvent.keyDown(grid, { key: 'Escape' });
  await waitFor(() => expect(window.location.hash).not.toContain('refunds'));
});

test('hostile names are text: no markup, no control characters, no change of direction', async () => {
  const hostile = route({ apiName: '<img src=x onerror=alert(1)>\u202eevil\u0007', path: '/a' });
  renderApp({ route_list: () => routeList([{ line: 'route', route: hostile }]) });
  const cell = await screen.findByText(/onerror/);
  expect(cell.textContent).toBe('<img src=x onerror=alert(1)>\\u{202e}evil\\u{7}');
  expect(document.querySelector('img[src="x"]')).toBeNull();
});

test('nothing matches: the filter can be cleared', async () => {
  const search = new URLSearchParams({ text: 'zzz' });
  renderApp(
    { route_list: request => (request.query.filter.text === 'zzz' ? routeList([]) : routeList(grouped())) },
    `#/routes?${search.toString()}`,
  );
  fireEvent.click(await screen.findByText('Clear the filter'));
  await screen.findByText('/refunds');
});

test('an export names the file, the number of routes, and says when it is incomplete', async () => {
  const { asked } = renderApp({
    route_list: () => routeList(grouped()),
    route_export: request => ({ path: request.path, routes: 1, complete: false }),
  });
  fireEvent.click(await screen.findByText('Export'));
  fireEvent.click(await screen.findByText('CSV'));
  await screen.findByText(/1 routes were written to \/home\/ana\/routes.csv.*incomplete/);
  expect(asked.find(call => call.name === 'route_export')?.request).toMatchObject({ format: 'csv', path: '/home/ana/routes.csv' });
});

test('a list that cannot be had says why and can be tried again', async () => {
  let broken = true;
  renderApp({
    route_list: () => {
      if (broken) throw { code: 'internal', message: 'The index is gone.', hint: 'Refresh.', requestId: 'r-1' };
      return routeList(grouped());
    },
  });
  await screen.findByText('The index is gone.');
  screen.getByText('AWS request id r-1');
  broken = false;
  fireEvent.click(screen.getByText('Try again'));
  await screen.findByText('/refunds');
});

test('the view has no serious accessibility faults', async () => {
  const { view } = renderApp({ route_list: () => routeList(grouped()) });
  await screen.findByText('/refunds');
  // Contrast needs a layout, which jsdom has not; the real window is looked at for that.
  const found = await axe.run(view.container, { rules: { 'color-contrast': { enabled: false } } });
  const serious = found.violations.filter(violation => violation.impact === 'serious' || violation.impact === 'critical');
  expect(serious.map(violation => `${violation.id}: ${violation.nodes[0]?.html ?? ''}`)).toEqual([]);
});

/** Two stages' logins, one of them not deployed, and a group above them. */
function logins(): RouteLine[] {
  const of = (path: string, change: Parameters<typeof route>[0] = {}) => ({
    line: 'route' as const,
    route: route({ method: 'POST', path, id: `1/eu-west-1/${change.apiId ?? 'a1'}/${change.stage ?? 'prod'}/POST${path}`, ...change }),
  });
  return [
    { line: 'group', group: { key: 'customer', label: 'Customer', count: 4, signals }, collapsed: false },
    of('/login'),
    of('/login', { stage: 'staging' }),
    of('/session', { apiId: 'a2', apiName: 'clinic' }),
    of('/otp', { drift: 'added' }),
  ];
}

const planned = {
  id: 'p1',
  operation: 'throttle_set',
  title: 'Limit 2 routes on 2 stages to 3 requests per second',
  targets: [],
  changes: [],
  steps: [],
  warnings: [],
  routes: [],
  tenants: [],
  undo: '',
  fieldsBefore: [],
  watched: [],
  fingerprint: '',
  guards: [],
  madeAt: '2026-03-02T15:00:00Z',
};

test('routes are picked one by one from the keyboard, and get one plan', async () => {
  const { asked } = renderApp({ route_list: () => routeList(logins()), throttle_set: () => planned });
  const grid = await screen.findByRole('treegrid', { name: 'Routes' });
  await within(grid).findByText('/session');
  const press = (...keys: string[]) => keys.forEach(key => fireEvent.keyDown(grid, { key }));
  press('ArrowDown', ' ', 'ArrowDown', 'ArrowDown', ' ');
  expect(screen.getByTestId('routes-chosen').textContent).toContain('2 selected on 2 stages of 2 APIs');
  const ticked = within(grid).getAllByRole('row', { selected: true });
  expect(ticked.map(row => row.dataset.routeId)).toEqual(['1/eu-west-1/a1/prod/POST/login', '1/eu-west-1/a2/prod/POST/session']);
  expect(asked.some(call => call.name === 'route_get')).toBe(false);
  fireEvent.click(screen.getByText('Change limits…'));
  fireEvent.change(await screen.findByLabelText('Requests per second'), { target: { value: '3' } });
  fireEvent.click(screen.getByText('Review the plan'));
  await screen.findByTestId('plan');
  expect(asked.filter(call => call.name === 'throttle_set').map(call => call.request)).toEqual([
    {
      selection: { kind: 'routes', routeIds: ['1/eu-west-1/a1/prod/POST/login', '1/eu-west-1/a2/prod/POST/session'] },
      rate: '3',
      burst: null,
      remove: false,
    },
  ]);
});

test('a range is picked with Shift, what is not deployed is left out, and the selection outlives the filter', async () => {
  const page = (request: RouteListRequest) => logins().slice(request.offset, request.offset + request.limit);
  renderApp({
    route_list: request => (request.query.filter.text === 'zzz' ? routeList([]) : routeList(page(request), { lineCount: logins().length })),
  });
  const box = async (name: string) => (await screen.findByLabelText<HTMLInputElement>(name)).closest('[role="gridcell"]')!;
  fireEvent.click(await box('Select POST /login of storefront, prod'));
  fireEvent.click(await box('Select POST /otp of storefront, prod'), { shiftKey: true });
  expect((await screen.findByLabelText<HTMLInputElement>('Select POST /otp of storefront, prod')).disabled).toBe(true);
  expect(screen.getByTestId('routes-chosen').textContent).toContain('1 selected');
  fireEvent.click(await box('Select POST /session of clinic, prod'), { shiftKey: true });
  await waitFor(() => expect(screen.getByTestId('routes-chosen').textContent).toContain('3 selected'));
  window.location.hash = '#/routes?text=zzz';
  await screen.findByText('No route matches');
  expect(screen.getByTestId('routes-chosen').textContent).toContain('3 selected');
  fireEvent.click(screen.getByText('Clear the selection'));
  expect(screen.getByTestId('routes-chosen').textContent).toBe('');
});
