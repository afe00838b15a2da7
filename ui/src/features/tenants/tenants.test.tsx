import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { BoardRow, Tenant, TenantList } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';

const VALUE = 'aValueThatIsNobodysBusiness01';

function row(change: Partial<BoardRow> = {}): BoardRow {
  return {
    id: 'demo/p1/k1',
    context: 'demo',
    tenant: { name: 'practice-a', reason: 'tag tenant' },
    keyId: 'k1',
    keyName: 'Practice A',
    customerId: 'practice-a',
    tags: ['tenant=practice-a'],
    enabled: true,
    ageDays: 400,
    rotationDueInDays: -310,
    usagePlanId: 'p1',
    planName: 'practices-small',
    period: 'DAY',
    throttle: { rate: 5, burst: 10 },
    opens: ['partner prod'],
    standing: {
      state: 'over',
      used: 5000,
      limit: 5000,
      remaining: 0,
      percent: 100,
      burnPerDay: 3100,
      exhaustedOn: '2026-03-02',
      resetsOn: '2026-03-03',
    },
    ...change,
  };
}

function list(rows: BoardRow[], change: Partial<TenantList> = {}): TenantList {
  return {
    total: rows.length,
    matching: rows.length,
    states: [['over', rows.length]],
    rows,
    readAt: new Date().toISOString(),
    calls: {},
    coverage: complete,
    ...change,
  };
}

const tenant: Tenant = {
  name: { name: 'practice-a', reason: 'tag tenant' },
  context: 'demo',
  plans: [
    {
      row: row(),
      quota: { limit: 5000, period: 'DAY', offset: 0 },
      days: [{ day: '2026-03-02', used: 5000, remaining: 0 }],
      methodLimits: [],
    },
  ],
  routes: [{ routeId: 'r1', label: 'GET /referrals of partner, prod', requiresKey: true }],
  routeCount: 1,
  changes: {
    interval: { from: '2026-01-26T10:00:00Z', to: '2026-03-02T10:00:00Z' },
    total: 2,
    items: [
      {
        at: '2026-03-02T09:00:00Z',
        who: 'arn:aws:iam::1:user/ana',
        what: 'Give Practice A 6500 requests',
        reason: 'they called',
        done: true,
        journalEntry: 'e1',
      },
      { at: '2026-03-01T09:00:00Z', who: 'terraform', what: 'Disabled key k1', reason: '', done: false, eventId: 'ev1' },
    ],
    holes: [{ from: '2026-01-26T10:00:00Z', to: '2026-02-20T10:00:00Z' }],
    unread: [],
  },
  readAt: '2026-03-02T10:00:00Z',
  coverage: complete,
};

test('the board says who is over, what is left, how old the key is and how old the number', async () => {
  renderApp({ tenant_list: () => list([row()]) }, '#/tenants');
  const board = await screen.findByTestId('board');
  await within(board).findByText('practice-a');
  expect(board.textContent).toContain('5,000 of 5,000 (100 %)');
  expect(board.textContent).toContain('400 days');
  expect(within(board).getByText('310 overdue')).toBeTruthy();
  expect(board.textContent).toContain('lag by up to 40 minutes');
  expect(within(board).getByText('Over')).toBeTruthy();
});

test('what could not be read stands above the board', async () => {
  const gap = {
    context: 'demo',
    service: 'apigateway',
    operation: 'GetApiKeys',
    resource: 'the API keys',
    kind: 'denied' as const,
    code: 'AccessDeniedException',
    message: 'The role may not list keys.',
  };
  renderApp({ tenant_list: () => list([], { coverage: { complete: false, gaps: [gap] } }) }, '#/tenants');
  expect(await screen.findByText('One thing could not be read')).toBeTruthy();
});

test('a tenant opens with use, actions and the limit that refused them', async () => {
  const { asked } = renderApp({ tenant_list: () => list([row()]), tenant_get: () => tenant }, '#/tenants');
  await userEvent.click(await screen.findByText('practice-a'));
  const panel = await screen.findByTestId('tenant-panel');
  await within(panel).findByText('Extend quota');
  expect(panel.textContent).toContain('Known by tag tenant, in demo');
  expect(asked.find(one => one.name === 'tenant_get')?.request).toEqual({ tenant: 'practice-a', context: 'demo' });
});

test('a tenant says what was changed lately, by whom and why, what was not done, and what is not known', async () => {
  const { asked } = renderApp({ tenant_list: () => list([row()]), tenant_get: () => tenant }, '#/tenants?tenant=practice-a');
  const changes = await screen.findByTestId('tenant-changes');
  const [first, second] = within(changes).getAllByRole('listitem');
  expect(first?.textContent).toContain('Give Practice A 6500 requests');
  expect(first?.textContent).toContain('user/ana: they called');
  expect(second?.textContent).toContain('Disabled key k1 not done');
  expect(changes.textContent).toContain('made elsewhere are not known for all of that time');
  await userEvent.click(within(changes).getByText('Give Practice A 6500 requests'));
  await waitFor(() => expect(asked.find(one => one.name === 'journal_get')?.request).toMatchObject({ entry: 'e1' }));
});

test('a pasted value is asked about once and is nowhere in the address', async () => {
  const { asked } = renderApp(
    { tenant_list: () => list([row()]), tenant_find: () => ({ rows: [row()], coverage: complete }) },
    '#/tenants',
  );
  await userEvent.click(await screen.findByText('Whose key is this?'));
  await userEvent.type(screen.getByLabelText('Key value'), VALUE);
  await userEvent.click(within(screen.getByRole('dialog')).getByText('Find'));
  const dialog = await screen.findByTestId('whose-key');
  await within(dialog).findByText('practice-a');
  expect(asked.filter(one => JSON.stringify(one.request).includes(VALUE)).map(one => one.name)).toEqual(['tenant_find']);
  expect(window.location.href).not.toContain(VALUE);
  expect(document.body.innerHTML).not.toContain(VALUE);
});

test('plans show what is wrong with them', async () => {
  const plan = {
    context: 'demo',
    id: 'p1',
    name: 'practices-legacy',
    description: '',
    throttle: {},
    quota: { limit: 5000, period: 'MONTH' as const, offset: 1200 },
    stages: [{ apiId: 'a1', apiName: null, stage: 'prod', methodLimits: 0, methods: [] }],
    keys: 0,
    methods: { methods: 3, withKey: 1 },
    findings: [{ kind: 'no-quota' as const, message: 'No quota: a key may make any number of requests.' }],
  };
  renderApp({ usage_plan_list: () => ({ items: [plan], looseKeys: [], readAt: null, coverage: complete }) }, '#/usage-plans');
  const table = await screen.findByTestId('usage-plans');
  await within(table).findByText('practices-legacy');
  expect(table.textContent).toContain('a1 (not found) prod');
  expect(table.textContent).toContain("5,000 per month, 1,200 less in a key's first month");
  expect(table.textContent).toContain('counts on 1 of 3 methods');
  expect(table.textContent).toContain('No quota: a key may make any number of requests.');
});
