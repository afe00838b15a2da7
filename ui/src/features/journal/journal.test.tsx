import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ChangeStatus, JournalDetail, Plan, StepTrail } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';

const plan: Plan = {
  id: '20260302-100000-abcdef',
  operation: 'quota_set',
  title: 'Give each key of usage plan small 60000 requests per DAY',
  targets: [{ kind: 'usagePlan', context: 'demo', usagePlanId: 'p1', planName: 'small' }],
  changes: [{ target: 0, field: 'quota/limit', label: 'quota: requests', before: 5000, after: 60000, consequence: false }],
  steps: [
    {
      target: 0,
      call: { operation: 'UpdateUsagePlan', usagePlanId: 'p1', patchOperations: [] },
      command: 'aws apigateway update-usage-plan --usage-plan-id p1',
      iamAction: 'apigateway:PATCH',
      resourceArn: 'arn:aws:apigateway:eu-west-1::/usageplans/p1',
      fieldsAfter: {},
    },
  ],
  warnings: [],
  routes: [],
  tenants: [],
  undo: 'Undo sets it back.',
  watched: [],
  fieldsBefore: [{}],
  fingerprint: '',
  madeAt: '2026-03-02T10:00:00Z',
};

function entry(trail: StepTrail): JournalDetail {
  return {
    id: plan.id,
    openedAt: '2026-03-02T10:00:00Z',
    closedAt: '2026-03-02T10:00:01Z',
    actor: { callerArn: 'arn:aws:sts::111122223333:assumed-role/ops/ana', localUser: 'ana' },
    reason: 'they called',
    undoneBy: [],
    plan,
    outcome: 'applied',
    state: 'applied',
    message: 'applied and read back as planned',
    steps: [{ state: 'done', requestId: 'r-1', millis: 12 }],
    trail: [trail],
  };
}

const line = {
  id: plan.id,
  openedAt: '2026-03-02T10:00:00Z',
  actor: { callerArn: 'arn', localUser: 'ana' },
  operation: 'quota_set',
  title: plan.title,
  contexts: ['demo'],
  reason: 'they called',
  state: 'applied' as const,
};
const list = { total: 1, matching: 1, unfinished: 0, lines: [line] };

test('a call shows what CloudTrail has of it, and asks for more when it has nothing yet', async () => {
  const sentence = 'Not yet arrived: CloudTrail delivers up to 15 minutes later.';
  const { asked } = renderApp(
    {
      journal_list: () => list,
      journal_get: () => entry({ state: 'not-arrived', sentence }),
      event_refresh: () => ({ fetched: 0, calls: {}, coverage: complete }),
    },
    `#/journal?entry=${plan.id}`,
  );
  const calls = await screen.findByTestId('journal-calls');
  expect(calls.textContent).toContain(sentence);
  await userEvent.click(within(calls).getByRole('button', { name: 'Fetch changes from CloudTrail' }));
  await waitFor(() => expect(asked.filter(call => call.name === 'event_refresh')).toHaveLength(1));
});

test('an event that never came is a warning, and one that is there is not', async () => {
  renderApp(
    { journal_list: () => list, journal_get: () => entry({ state: 'missing', sentence: 'CloudTrail was read and has none.' }) },
    `#/journal?entry=${plan.id}`,
  );
  const calls = await screen.findByTestId('journal-calls');
  expect(within(calls).queryByRole('button')).toBeNull();
  expect(calls.textContent).toContain('CloudTrail was read and has none.');
});

test('a change that waits for its turn says how long, and the queue can be left', async () => {
  const waiting = { ahead: 1, secondsLeft: 34, sentence: 'Waits for its turn: AWS takes one UpdateUsagePlan in 20 seconds; 34 s left.' };
  const status: ChangeStatus = {
    running: [{ entry: plan.id, title: plan.title, done: 0, total: 1, stopping: false, waiting }],
  };
  const open = {
    spec: { source: { kind: 'demo' as const } },
    label: 'demo',
    account: '111122223333',
    region: 'eu-west-1',
    access: { mode: 'operator' as const, protected: false },
  };
  const { asked } = renderApp(
    {
      context_list: () => ({ profiles: [], defaultChain: false, regions: [], open: [open] }),
      journal_list: () => list,
      journal_get: () => entry({ state: 'matched', sentence: 'CloudTrail has it.' }),
      change_undo: () => plan,
      plan_apply: () => new Promise(() => undefined),
      change_status: () => status,
      change_cancel: () => status,
    },
    `#/journal?entry=${plan.id}&undo=true`,
  );
  await userEvent.click(await screen.findByTestId('apply-plan'));
  const applying = await screen.findByTestId('applying');
  await within(applying).findByText(/34 s left/);
  await userEvent.click(within(applying).getByRole('button', { name: 'Stop' }));
  await waitFor(() => expect(asked.find(call => call.name === 'change_cancel')?.request).toEqual({ entry: plan.id }));
});

test('a change that another program is making is not offered for finishing, until that program is gone', async () => {
  let state: JournalDetail['state'] = 'running';
  const { outcome: _outcome, closedAt: _closedAt, ...open } = entry({ state: 'not-sent', sentence: 'Not sent.' });
  const { asked } = renderApp(
    {
      journal_list: () => ({ ...list, lines: [{ ...line, state }] }),
      journal_get: () => ({ ...open, state }),
      change_resume: () => ({ entry: open, interrupted: { entry: plan.id, steps: ['not-done'], live: [null] } }),
    },
    `#/journal?entry=${plan.id}`,
  );
  const panel = await screen.findByTestId('journal-panel');
  await within(panel).findByText('This change is under way');
  expect(within(panel).queryByText('Finish it')).toBeNull();
  expect(asked.some(call => call.name === 'change_resume')).toBe(false);
  state = 'unfinished';
  await within(panel).findByText('Finish it', {}, { timeout: 5_000 });
  expect(within(panel).queryByText('This change is under way')).toBeNull();
});
