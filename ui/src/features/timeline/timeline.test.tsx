import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ChangeEvent, EventList, EventListRequest } from '../../api/bindings';
import { renderApp } from '../../test-host';

const event = (over: Partial<ChangeEvent>): ChangeEvent => ({
  id: 'e1',
  context: 'prod',
  at: '2026-03-02T10:00:00Z',
  source: 'apigateway.amazonaws.com',
  name: 'UpdateStage',
  who: 'ana@shop.example as role ops-deployer',
  principal: 'arn:aws:sts::111122223333:assumed-role/ops-deployer/ana@shop.example',
  root: false,
  sourceIp: '203.0.113.17',
  client: 'console',
  userAgent: 'Mozilla/5.0',
  what: 'Set the rate limit of POST /login to 10 on prod of a1',
  apiId: 'a1',
  stage: 'prod',
  patches: [
    {
      op: 'replace',
      path: '/~1login/POST/throttling/rateLimit',
      label: 'the rate limit of POST /login',
      before: '50',
      after: '10',
    },
  ],
  outcome: 'succeeded',
  error: null,
  readOnly: false,
  requestId: 'r1',
  journalEntry: null,
  ...over,
});

const list = (items: ChangeEvent[], over: Partial<EventList> = {}): EventList => ({
  total: items.length,
  matching: items.length,
  items,
  covered: [
    {
      context: 'prod',
      source: 'apigateway.amazonaws.com',
      intervals: [{ from: '2026-02-23T10:00:00Z', to: '2026-03-02T10:00:00Z' }],
    },
    { context: 'prod', source: 'wafv2.amazonaws.com', intervals: [] },
  ],
  coverage: { complete: true, gaps: [] },
  ...over,
});

const fetched = { fetched: 0, calls: {}, coverage: { complete: true, gaps: [] } };

test('a change is a line, and what is not covered is said', async () => {
  renderApp({ event_list: () => list([event({})]), event_refresh: () => fetched }, '#/changes');
  const row = (await screen.findByText(/Set the rate limit of POST \/login to 10/)).closest('tr');
  expect(row?.textContent).toContain('AWS console');
  expect(row?.textContent).toContain('elsewhere');
  screen.getByText(/1 of 2 sources not read/);
});

test('a question is asked of the host, not filtered from the page', async () => {
  const asked: EventListRequest[] = [];
  renderApp(
    {
      event_list: request => {
        asked.push(request);
        return list([]);
      },
      event_refresh: () => fetched,
    },
    '#/changes',
  );
  const person = userEvent.setup();
  await person.click(await screen.findByRole('button', { name: /Show/ }));
  await person.click(await screen.findByRole('option', { name: 'Denied' }));
  await screen.findByText('No change matches');
  expect(asked.at(-1)).toMatchObject({ outcome: 'denied', maker: 'anybody' });
});

test('the panel has the record, and markup in it is text', async () => {
  renderApp(
    {
      event_list: () => list([event({ what: 'Created api <img src=x onerror=alert(1)>' })]),
      event_refresh: () => fetched,
      event_get: () => ({ record: '{ "eventID": "<b>e1</b>" }' }),
    },
    '#/changes',
  );
  fireEvent.click(await screen.findByText('Created api <img src=x onerror=alert(1)>'));
  await screen.findByText('What it set');
  await screen.findByText('{ "eventID": "<b>e1</b>" }');
  expect(document.querySelector('img')).toBeNull();
});

test('what could not be fetched is a warning with its request id, not an empty list', async () => {
  const gap = {
    context: 'prod',
    service: 'cloudtrail',
    operation: 'LookupEvents',
    resource: 'configuration changes',
    kind: 'denied' as const,
    code: 'AccessDenied',
    message: 'The changes were not read: AWS denied LookupEvents.',
    requestId: 'req-9',
  };
  renderApp({ event_list: () => list([], { coverage: { complete: false, gaps: [gap] } }), event_refresh: () => fetched }, '#/changes');
  await screen.findByText(/AWS denied LookupEvents\. Request id req-9/);
});
