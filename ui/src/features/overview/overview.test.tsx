import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';

import { FAKE_FINDINGS, listFindings, overviewOf } from '../../api/fake-findings';
import { complete, renderApp } from '../../test-host';

const noChanges = () => ({ total: 0, matching: 0, unfinished: 0, lines: [] });

test('a number leads to its findings', async () => {
  renderApp(
    {
      posture_overview: () => overviewOf(FAKE_FINDINGS, complete, '2026-03-02T10:00:00Z'),
      journal_list: noChanges,
      finding_list: request => listFindings(FAKE_FINDINGS, request, complete, 'now'),
    },
    '#/overview',
  );
  fireEvent.click(await screen.findByRole('button', { name: '1 critical for admin' }));
  await waitFor(() => expect(window.location.hash).toContain('/findings'));
  expect(decodeURIComponent(window.location.hash)).toContain('severity=critical');
});

test('usage that was not read is no good news', async () => {
  renderApp({ posture_overview: () => overviewOf(FAKE_FINDINGS, complete, ''), journal_list: noChanges }, '#/overview');
  await screen.findByText('Usage was not read yet');
  await screen.findByText('Alarms were not read yet');
  await screen.findByText('Not checked yet');
});

test('an empty account says so', async () => {
  renderApp({ posture_overview: () => overviewOf([], complete, '2026-03-02T10:00:00Z'), journal_list: noChanges }, '#/overview');
  await screen.findByText('Nothing was read yet.');
  await screen.findByText('Nothing fails');
  await screen.findByText('Nothing was changed with this console yet.');
});
