import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ChangeEvent, EventList, EventListRequest } from '../../api/bindings';
import { renderApp } from '../../test-host';
import { readTimelineSearch } from './search';

const event = (over: Partial<ChangeEvent>): ChangeEvent => ({
  id: 'e1',
  context: 'prod',
  account: '111122223333',
  region: 'eu-west-1',
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
  apiName: 'storefront',
  usagePlanId: null,
  whole: true,
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

const week = { from: '2026-02-23T10:00:00Z', to: '2026-03-02T10:00:00Z' };

const list = (items: ChangeEvent[], over: Partial<EventList> = {}): EventList => ({
  total: items.length,
  matching: items.length,
  items,
  interval: week,
  facets: {
    apis: [{ value: 'a1', label: 'storefront', count: 1 }],
    stages: [{ value: 'prod', label: 'prod', count: 1 }],
    principals: [
      { value: 'arn:aws:sts::111122223333:assumed-role/ops-deployer/ana@shop.example', label: 'ana as role ops-deployer', count: 1 },
    ],
    sources: [],
    contexts: [],
  },
  ci: { 'user-agents': ['*terraform*'], principals: ['*pipeline*'] },
  covered: [
    { context: 'prod', place: '111122223333/eu-west-1', source: 'apigateway.amazonaws.com', intervals: [week], holes: [] },
    { context: 'prod', place: '111122223333/eu-west-1', source: 'wafv2.amazonaws.com', intervals: [], holes: [week] },
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
  await screen.findByText(/WAF of 111122223333\/eu-west-1: nothing was fetched yet/);
});

const answering = (asked: EventListRequest[]) => ({
  event_list: (request: EventListRequest) => {
    asked.push(request);
    return list([], { total: 3 });
  },
  event_refresh: () => fetched,
  event_moment_list: () => ({
    items: [{ context: 'prod', alarm: 'storefront-5xx', burning: true, at: '2026-03-02T09:00:00Z' }],
    coverage: { complete: true, gaps: [] },
  }),
});

test('a question is asked of the host, not filtered from the page', async () => {
  const asked: EventListRequest[] = [];
  renderApp(answering(asked), '#/changes');
  const person = userEvent.setup();
  await person.click(await screen.findByRole('button', { name: /Question/ }));
  await person.click(await screen.findByRole('option', { name: /What was denied/ }));
  await screen.findByText('No change matches');
  expect(asked.at(-1)?.filter).toMatchObject({ question: 'denied', maker: 'anybody' });
});

test('what changed before an alarm is the hour before it', async () => {
  const asked: EventListRequest[] = [];
  renderApp(answering(asked), '#/changes?ask=before');
  const person = userEvent.setup();
  await screen.findByText('Choose an alarm or a moment');
  await person.click(await screen.findByRole('button', { name: /Alarm/ }));
  await person.click(await screen.findByRole('option', { name: /storefront-5xx/ }));
  await screen.findByText('No change matches');
  expect(asked.at(-1)).toMatchObject({ since: '2026-03-02T08:00:00.000Z', until: '2026-03-02T09:00:00.000Z' });
});

test.each([
  ['before', 'Choose an alarm or a moment'],
  ['around', 'Choose an alarm or a moment'],
  ['principal', 'Choose somebody'],
])('a question that lacks its subject shows no change as its answer: %s', async (ask, words) => {
  renderApp(
    {
      event_list: () => list([event({ what: 'Deleted stage prod' })]),
      event_refresh: () => fetched,
      event_moment_list: () => ({ items: [], coverage: { complete: true, gaps: [] } }),
    },
    `#/changes?ask=${ask}`,
  );
  await waitFor(() => expect(screen.getByTestId('timeline').textContent).toContain(words));
  expect(screen.queryByText('Deleted stage prod')).toBeNull();
});

test('an address that makes no sense asks for everything', () => {
  expect(readTimelineSearch({ ask: 'x', minutes: -1, stages: 'prod', clients: ['x'], since: 'yesterday', page: 0.5 })).toEqual({});
  expect(readTimelineSearch({ ask: 'outside-ci', stages: ['prod'], clients: ['cli', 'x'] })).toEqual({
    ask: 'outside-ci',
    stages: ['prod'],
    clients: ['cli'],
  });
});

test('conditions of an address are asked of the host', async () => {
  const asked: EventListRequest[] = [];
  renderApp(answering(asked), '#/changes?stages=["prod"]&outcomes=["denied"]&made="elsewhere"');
  await screen.findByText('No change matches');
  expect(asked.at(-1)?.filter).toMatchObject({ stages: ['prod'], outcomes: ['denied'], maker: 'elsewhere' });
});

test('a fetch can be stopped', async () => {
  const calls: string[] = [];
  renderApp(
    {
      event_list: () => list([event({})], { fetching: 120 }),
      event_refresh: () => new Promise(() => undefined),
      event_cancel: () => {
        calls.push('event_cancel');
        return null;
      },
    },
    '#/changes',
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Stop' }));
  await screen.findByRole('button', { name: /120/ });
  expect(calls).toEqual(['event_cancel']);
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
