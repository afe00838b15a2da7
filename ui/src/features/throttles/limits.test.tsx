import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import type { ApiListItem, Plan, Stage } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';
import { rowsOf } from '../apis/StagePanel';

const name = { context: 'demo', apiId: 'a1', stage: 'prod' };

function stage(limits: Stage['limits']): Stage {
  return { name: 'prod', limits, autoDeploy: false, tags: {} };
}

function item(limits: Stage['limits']): ApiListItem {
  return {
    context: 'demo',
    account: '111122223333',
    region: 'eu-west-1',
    api: {
      id: 'a1',
      name: 'storefront',
      kind: 'REST',
      endpointType: 'REGIONAL',
      tags: {},
      executeApiDisabled: false,
      hasResourcePolicy: false,
    },
    stages: [stage(limits)],
    routes: 1,
  };
}

const plan: Plan = {
  id: 'p1',
  operation: 'throttle_set',
  title: 'Limit them',
  targets: [{ kind: 'restStage', context: 'demo', apiId: 'a1', apiName: 'storefront', stage: 'prod' }],
  changes: [],
  steps: [],
  warnings: [],
  routes: [],
  tenants: [],
  undo: '',
  fieldsBefore: [{}],
  watched: [],
  fingerprint: '',
  madeAt: '2026-03-02T15:00:00Z',
};

test('every entry of a stage can be changed, whatever its key is, and what sets nothing is left out', () => {
  const rows = rowsOf(
    name,
    stage({
      '*/*': { rate: 100, burst: 200 },
      'POST /login': { rate: 5 },
      'ANY /pets/{id}': { burst: 9 },
      $default: { rate: 1, burst: 1 },
      'GET /logged': { rate: -1, burst: -1 },
    }),
  );
  expect(rows[0]?.id).toBe('*/*');
  expect(Object.fromEntries(rows.map(row => [row.id, row.selection]))).toEqual({
    '*/*': { kind: 'stage', ...name },
    $default: { kind: 'stageMethod', ...name, method: 'ANY', path: '$default' },
    'POST /login': { kind: 'stageMethod', ...name, method: 'POST', path: '/login' },
    'ANY /pets/{id}': { kind: 'stageMethod', ...name, method: 'ANY', path: '/pets/{id}' },
  });
});

test('a limit is edited where it stands: one half is sent, Escape sends none, and removing is another plan', async () => {
  const { asked } = renderApp(
    {
      api_list: () => ({ items: [item({ '*/*': { rate: 100, burst: 200 }, 'POST /login': { rate: 5, burst: 10 } })], coverage: complete }),
      throttle_set: () => plan,
    },
    '#/apis?context=demo&api=a1&stage=prod',
  );
  const panel = await screen.findByTestId('stage-panel');
  const sent = () => asked.filter(call => call.name === 'throttle_set').map(call => call.request);
  fireEvent.click(await within(panel).findByLabelText('Edit POST /login'));
  fireEvent.change(within(panel).getByLabelText('Burst: POST /login'), { target: { value: '12' } });
  fireEvent.keyDown(within(panel).getByLabelText('Burst: POST /login'), { key: 'Escape', keyCode: 27 });
  await waitFor(() => expect(within(panel).queryByLabelText('Burst: POST /login')).toBeNull());
  // What was not changed needs no plan.
  fireEvent.click(within(panel).getByLabelText('Edit POST /login'));
  fireEvent.click(within(panel).getByLabelText('Review the change of POST /login'));
  await waitFor(() => expect(within(panel).queryByLabelText('Burst: POST /login')).toBeNull());
  expect(sent()).toEqual([]);
  fireEvent.click(within(panel).getByLabelText('Edit POST /login'));
  fireEvent.change(within(panel).getByLabelText('Requests per second: POST /login'), { target: { value: '' } });
  fireEvent.change(within(panel).getByLabelText('Burst: POST /login'), { target: { value: '12' } });
  fireEvent.keyDown(within(panel).getByLabelText('Burst: POST /login'), { key: 'Enter', keyCode: 13 });
  await screen.findByTestId('plan');
  const selection = { kind: 'stageMethod', ...name, method: 'POST', path: '/login' };
  expect(sent()).toEqual([{ selection, rate: null, burst: '12', remove: false }]);
  fireEvent.click(screen.getByText('Close', { selector: '[role="dialog"] button *' }));
  fireEvent.click(await within(panel).findByLabelText('Remove POST /login'));
  await waitFor(() => expect(sent().at(-1)).toEqual({ selection, rate: null, burst: null, remove: true }));
});
