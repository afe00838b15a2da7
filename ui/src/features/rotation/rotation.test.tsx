import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { Plan, RotationBatch, RotationList, RotationRow } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';

const VALUE = 'aValueThatIsNobodysBusiness01';

function row(change: Partial<RotationRow> = {}): RotationRow {
  return {
    id: `demo/${change.keyId ?? 'k1'}`,
    context: 'demo',
    keyId: 'k1',
    keyName: 'Practice A',
    tenant: 'practice-a',
    enabled: true,
    plans: ['practices-small'],
    ageDays: 400,
    dueOn: '2025-04-26',
    dueInDays: -310,
    lastUse: { kind: 'day', day: '2026-03-02' },
    state: 'not-started',
    next: 'start',
    held: [],
    ...change,
  };
}

function list(rows: RotationRow[], change: Partial<RotationList> = {}): RotationList {
  return {
    rows,
    matching: rows.length,
    underWay: 0,
    late: 1,
    policy: { rotateAfterDays: 90, overlapDays: 7, quietDays: 1, deleteAfterDays: 7 },
    readAt: new Date().toISOString(),
    coverage: complete,
    calls: {},
    ...change,
  };
}

const plan: Plan = {
  id: 'p1',
  operation: 'key_rotate',
  title: 'Disable key Practice A (k1)',
  targets: [],
  changes: [],
  steps: [],
  warnings: [],
  routes: [],
  tenants: [],
  undo: '',
  watched: [],
  fieldsBefore: [],
  fingerprint: '',
  madeAt: '',
};

const overlap = row({
  state: 'overlap',
  next: 'disable',
  held: ['Both keys shall work until 2026-03-09.'],
  newKey: { id: 'n1', name: 'Practice A rotated 2026-03-02', enabled: true, lastUse: { kind: 'never' } },
});

test('a key is shown with its age, its last use, its due date and what is next', async () => {
  const unknown = row({ keyId: 'k2', keyName: 'Practice B', lastUse: { kind: 'unknown', plans: ['large'] }, plans: null });
  renderApp({ rotation_list: () => list([row(), unknown]) }, '#/rotation');
  const table = await screen.findByTestId('rotation');
  await within(table).findAllByText('310 days late');
  expect(table.textContent).toContain('400 days');
  expect(table.textContent).toContain('2026-03-02');
  expect(table.textContent).toContain('not known');
  expect(table.textContent).toContain('not read');
  expect(table.textContent).toContain('1 late');
});

test('the old key is not disabled early without a reason, which goes into the plan', async () => {
  const { asked } = renderApp({ rotation_list: () => list([overlap]), key_rotate: () => plan }, '#/rotation');
  await userEvent.click(await screen.findByLabelText('Disable the old key: Practice A'));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('Both keys shall work until 2026-03-09.');
  expect(asked.some(one => one.name === 'key_rotate')).toBe(false);
  const review = within(dialog).getByText('Review the plan').closest('button');
  expect(review).toHaveProperty('disabled', true);
  await userEvent.type(within(dialog).getByLabelText('Why it is done all the same'), 'it leaked');
  await userEvent.click(within(dialog).getByText('Review the plan'));
  await screen.findByTestId('plan');
  expect(asked.find(one => one.name === 'key_rotate')?.request).toEqual({
    context: 'demo',
    keyId: 'k1',
    stage: 'disable',
    overrideReason: 'it leaked',
  });
});

test('many keys are begun with one plan and one word, and each outcome is told', async () => {
  const batch: RotationBatch = {
    id: 'b1',
    title: 'Make new keys in place of 2 keys, in the same plans',
    context: 'demo',
    plans: [
      { keyId: 'k1', keyName: 'Practice A', plan },
      { keyId: 'k2', keyName: 'Practice B', plan },
    ],
    leftOut: [{ keyId: 'k3', keyName: 'Practice C', why: 'The key is disabled.' }],
    calls: 4,
    seconds: 1,
  };
  const { asked } = renderApp(
    {
      rotation_list: () => list([row(), row({ keyId: 'k2', keyName: 'Practice B' })]),
      rotation_plan: () => batch,
      change_status: () => ({ running: [] }),
      rotation_apply: () => ({
        keys: [
          { keyId: 'k1', keyName: 'Practice A', outcome: 'done', entry: 'e1' },
          { keyId: 'k2', keyName: 'Practice B', outcome: 'failed', error: { code: 'change-failed', message: 'API Key limit exceeded' } },
        ],
        stopped: 'Practice B failed, and the others would meet the same.',
      }),
    },
    '#/rotation',
  );
  await screen.findByLabelText('Begin rotation: Practice B');
  const [, first, second] = screen.getAllByRole('checkbox');
  if (!first || !second) throw new Error('both keys can be selected');
  await userEvent.click(first);
  await userEvent.click(second);
  await userEvent.click(screen.getByText('Begin rotation of 2 keys'));
  await userEvent.clear(await screen.findByLabelText('Overlap in days'));
  await userEvent.type(screen.getByLabelText('Overlap in days'), '14');
  await userEvent.click(screen.getByText('Review the plan'));
  const dialog = await screen.findByTestId('batch');
  expect(dialog.textContent).toContain('The key is disabled.');
  expect(asked.find(one => one.name === 'rotation_plan')?.request).toMatchObject({ overlapDays: 14, query: { keyIds: ['k1', 'k2'] } });
  await userEvent.click(screen.getByTestId('apply-batch'));
  await waitFor(() => expect(dialog.textContent).toContain('API Key limit exceeded'));
  expect(dialog.textContent).toContain('It ended before the last key');
});

test('a value is copied as a secret and gone when the dialog is', async () => {
  const { copied } = renderApp({ rotation_list: () => list([overlap]), key_reveal: () => ({ value: VALUE, entry: 'e1' }) }, '#/rotation');
  await userEvent.click(await screen.findByLabelText('More for Practice A'));
  await userEvent.click(await screen.findByText("Hand the new key's value over"));
  await userEvent.click(within(await screen.findByTestId('reveal')).getByText('Show'));
  await screen.findByText(VALUE);
  await userEvent.click(screen.getByText('Copy, and clear after 60 seconds'));
  await waitFor(() => expect(screen.queryByTestId('reveal')).toBeNull());
  expect(copied).toEqual([`secret: ${VALUE}`]);
  expect(document.body.innerHTML).not.toContain(VALUE);
});

test('nothing at all, nothing that matches, and what could not be read', async () => {
  const gap = {
    context: 'demo',
    service: 'apigateway',
    operation: 'GetApiKeys',
    resource: 'the API keys',
    kind: 'denied' as const,
    code: 'AccessDeniedException',
    message: 'The API keys were not read.',
  };
  renderApp({ rotation_list: () => list([], { coverage: { complete: false, gaps: [gap] } }) }, '#/rotation');
  await screen.findByText('No API keys');
  expect((await screen.findByTestId('gaps')).textContent).toContain('The API keys were not read.');
});
