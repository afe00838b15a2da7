import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';

import type { EventList } from '../../api/bindings';
import { FAKE_FINDINGS, listFindings, overviewOf } from '../../api/fake-findings';
import { complete, renderApp } from '../../test-host';

const noChanges = () => ({ total: 0, matching: 0, unfinished: 0, lines: [] });
const noEvents = (): EventList => ({
  interval: { from: '2026-02-23T10:00:00Z', to: '2026-03-02T10:00:00Z' },
  total: 0,
  matching: 0,
  items: [],
  facets: { apis: [], stages: [], principals: [], sources: [], contexts: [] },
  covered: [{ context: 'demo', source: 'apigateway.amazonaws.com', intervals: [], holes: [] }],
  ci: { 'user-agents': [], principals: [] },
  coverage: complete,
});

test('a number leads to its findings', async () => {
  renderApp(
    {
      posture_overview: () => overviewOf(FAKE_FINDINGS, complete, '2026-03-02T10:00:00Z'),
      journal_list: noChanges,
      event_list: noEvents,
      finding_list: request => listFindings(FAKE_FINDINGS, request, complete, 'now'),
    },
    '#/overview',
  );
  fireEvent.click(await screen.findByRole('button', { name: '1 critical for admin' }));
  await waitFor(() => expect(window.location.hash).toContain('/findings'));
  expect(decodeURIComponent(window.location.hash)).toContain('severity=critical');
});

test('usage that was not read is no good news', async () => {
  renderApp(
    { posture_overview: () => overviewOf(FAKE_FINDINGS, complete, ''), journal_list: noChanges, event_list: noEvents },
    '#/overview',
  );
  await screen.findByText('Usage was not read yet');
  await screen.findByText('Alarms were not read yet');
  await screen.findByText('Not checked yet');
  await screen.findByText('CloudTrail was not read yet');
});

test('an empty account says so', async () => {
  renderApp(
    { posture_overview: () => overviewOf([], complete, '2026-03-02T10:00:00Z'), journal_list: noChanges, event_list: noEvents },
    '#/overview',
  );
  await screen.findByText('Nothing was read yet.');
  await screen.findByText('Nothing fails');
  await screen.findByText('Nothing was changed with this console yet.');
});
