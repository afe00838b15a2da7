import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { CanaryLine, DeploymentList, Plan } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';

function line(change: Partial<CanaryLine> = {}): CanaryLine {
  return {
    context: 'demo',
    account: '111122223333',
    region: 'eu-west-1',
    apiId: 'a1',
    apiName: 'storefront',
    apiKind: 'REST',
    stage: 'prod',
    baselineDeployment: 'dep001',
    candidateDeployment: 'dep002',
    release: { state: 'running', percent: 10, notes: ['Ordinary deployments to this stage are blocked while the canary is attached.'] },
    lastUpdated: '2026-03-01T10:00:00Z',
    ...change,
  };
}

const NONE = { state: 'none' as const, percent: 0, notes: [] };

function plan(change: Partial<Plan> = {}): Plan {
  return {
    id: 'p1',
    operation: 'canary_rollback',
    title: 'Roll back: remove the canary of stage prod of API storefront (a1)',
    targets: [{ kind: 'restStage', context: 'demo', apiId: 'a1', apiName: 'storefront', stage: 'prod' }],
    changes: [{ target: 0, field: 'canarySettings/deploymentId', label: 'canary: deployment', before: 'dep002', consequence: false }],
    steps: [
      {
        target: 0,
        call: { operation: 'UpdateStage', apiId: 'a1', stageName: 'prod', patchOperations: [{ op: 'remove', path: '/canarySettings' }] },
        command: 'aws apigateway update-stage',
        iamAction: 'apigateway:PATCH',
        resourceArn: 'arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod',
        fieldsAfter: {},
      },
    ],
    warnings: [],
    routes: [],
    tenants: [],
    undo: 'Undo sets it back.',
    watched: [],
    fieldsBefore: [{}],
    fingerprint: 'f',
    madeAt: '2026-03-02T10:00:00Z',
    ...change,
  };
}

const operator = {
  context_list: () => ({
    profiles: [],
    defaultChain: false,
    regions: ['eu-west-1'],
    open: [
      {
        spec: { source: { kind: 'demo' as const } },
        label: 'demo',
        account: '111122223333',
        region: 'eu-west-1',
        access: { mode: 'operator' as const, protected: false },
      },
    ],
  }),
};

const watch = {
  canary_watch: () => Promise.reject({ code: 'denied', message: 'CloudWatch was denied.' }),
  deployment_list: (): DeploymentList => ({ apiKind: 'REST', items: [] }),
  canary_difference: () => ({ routes: [], notes: [] }),
};

test('states are told apart, and a canary can be rolled back from its line', async () => {
  const asked: unknown[] = [];
  const items = [
    line({ stage: 'broken', release: { state: 'breached', percent: 25, notes: [] } }),
    line({ stage: 'old', release: { state: 'stale', percent: 0, notes: [] } }),
    line(),
    line({ apiName: 'mobile', apiKind: 'HTTP', release: NONE }),
  ];
  renderApp(
    {
      canary_list: () => ({ items, coverage: complete }),
      canary_rollback: request => {
        asked.push(request);
        return plan();
      },
    },
    '#/canaries',
  );
  const table = await screen.findByTestId('canaries');
  await within(table).findByText('Breached');
  expect(within(table).getByText('Stale')).toBeTruthy();
  expect(within(table).queryByText('mobile, prod'), 'no canary, no line').toBeNull();
  await userEvent.click(within(table).getByRole('button', { name: 'Roll back storefront, broken' }));
  await screen.findByTestId('plan');
  expect(asked).toEqual([{ stage: { context: 'demo', apiId: 'a1', stage: 'broken' }, overwrite: false }]);
});

test('Shift and B rolls back from any view, and asks which canary', async () => {
  renderApp({ canary_list: () => ({ items: [line()], coverage: complete }), canary_rollback: () => plan() }, '#/rules');
  await screen.findByRole('link', { name: 'Canaries' });
  await userEvent.keyboard('{Shift>}B{/Shift}');
  await userEvent.click(await screen.findByRole('button', { name: 'Roll back storefront, prod' }));
  await screen.findByText(/remove the canary of stage prod/);
});

test('a stage that somebody changed since is rolled back only over their change, accepted by itself', async () => {
  const applied: unknown[] = [];
  renderApp(
    {
      ...operator,
      canary_list: () => ({ items: [line()], coverage: complete }),
      canary_rollback: request => {
        if (!request.overwrite)
          throw { code: 'conflict', message: 'Somebody changed the stage.', details: ['deployment is dep009, the promotion left dep002'] };
        return plan({ warnings: [{ kind: 'overwrites', message: 'deployment is dep009, the promotion left dep002' }] });
      },
      plan_apply: request => {
        applied.push(request.accepted);
        return { entry: 'e1', title: 't', outcome: 'applied', requestIds: [], already: false };
      },
    },
    '#/canaries',
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Roll back storefront, prod' }));
  await screen.findByText('deployment is dep009, the promotion left dep002');
  await userEvent.click(screen.getByRole('button', { name: 'Roll back over it' }));
  const apply = await screen.findByTestId('apply-plan');
  expect(apply.getAttribute('aria-disabled') ?? apply.getAttribute('disabled')).not.toBeNull();
  await userEvent.click(screen.getByRole('checkbox', { name: 'I accept that their change is taken back' }));
  await userEvent.click(screen.getByTestId('apply-plan'));
  await screen.findByText(/applied and read back/);
  expect(applied).toEqual([['overwrites']]);
});

test('a breached candidate is promoted only with a reason', async () => {
  const reasons: unknown[] = [];
  renderApp(
    {
      ...watch,
      canary_list: () => ({ items: [line()], coverage: complete }),
      canary_promote: request => {
        reasons.push(request.overrideReason);
        if (!request.overrideReason) throw { code: 'canary-breached', message: 'The candidate does harm.' };
        return plan({ operation: 'canary_promote', title: 'Promote deployment dep002' });
      },
    },
    '#/canaries?stage=demo%2Fa1%2Fprod',
  );
  const panel = await screen.findByTestId('canary-panel');
  await userEvent.click(within(panel).getByRole('button', { name: 'Promote' }));
  const again = await within(panel).findByRole('button', { name: 'Promote all the same' });
  await userEvent.type(within(panel).getByRole('textbox', { name: 'Why it is promoted all the same' }), 'A partner was told');
  await userEvent.click(again);
  await screen.findByTestId('plan');
  expect(reasons).toEqual([null, 'A partner was told']);
});

test('a stage without a canary starts one from a deployment chosen by date and description', async () => {
  const started: unknown[] = [];
  const items: DeploymentList['items'] = [
    {
      id: 'dep007',
      description: 'release 4.2',
      created: '2026-03-01T09:30:00Z',
      automatic: false,
      current: false,
      stages: [],
      canaryOf: [],
    },
  ];
  renderApp(
    {
      ...watch,
      deployment_list: () => ({ apiKind: 'REST', items }),
      canary_difference: () => ({
        routes: [
          {
            path: '/pay',
            method: 'POST',
            change: 'changed',
            detail: 'CUSTOM → nobody is asked who they are',
            security: 'POST /pay becomes open: before, CUSTOM.',
            contract: ['timeout: 29000 ms → 3000 ms'],
          },
        ],
        notes: [],
      }),
      canary_list: () => ({ items: [line({ release: NONE })], coverage: complete }),
      canary_start: request => {
        started.push(request);
        return plan({ operation: 'canary_start', warnings: [{ kind: 'exposes', message: 'POST /pay becomes open: before, CUSTOM.' }] });
      },
    },
    '#/canaries?stage=demo%2Fa1%2Fprod&all=true',
  );
  const panel = await screen.findByTestId('canary-panel');
  await userEvent.click(within(panel).getByRole('radio', { name: 'A deployment that exists' }));
  await userEvent.click(within(panel).getByRole('button', { name: /^Deployment(?!s)/ }));
  const option = await screen.findByRole('option', { name: /dep007/ });
  expect(option.textContent).toContain('1 Mar 2026');
  expect(option.textContent).toContain('release 4.2');
  await userEvent.click(option);
  await within(panel).findByText('POST /pay becomes open: before, CUSTOM.');
  expect(within(panel).getByText('timeout: 29000 ms → 3000 ms')).toBeTruthy();
  await userEvent.click(within(panel).getByRole('button', { name: 'Add a variable' }));
  await userEvent.type(within(panel).getByRole('textbox', { name: /Name of variable 1/ }), 'flag');
  await userEvent.type(within(panel).getByRole('textbox', { name: /Value of variable 1/ }), 'on');
  await userEvent.click(within(panel).getByRole('checkbox', { name: /uses the stage's cache/ }));
  await userEvent.click(within(panel).getByRole('button', { name: 'Review the plan' }));
  await screen.findByTestId('plan-exposes');
  expect(started).toEqual([
    {
      stage: { context: 'demo', apiId: 'a1', stage: 'prod' },
      percent: '10',
      deploymentId: 'dep007',
      description: null,
      overrides: { flag: 'on' },
      useStageCache: true,
    },
  ]);
});

test('an HTTP API has no canary, and says why its stage cannot be moved', async () => {
  renderApp(
    {
      deployment_list: () => ({
        apiKind: 'HTTP',
        fixed: 'The stage deploys every change by itself (autoDeploy).',
        items: [{ id: 'd1', created: null, automatic: true, current: true, stages: ['$default'], canaryOf: [] }],
      }),
      canary_list: () => ({
        items: [
          line({
            apiName: 'mobile',
            apiKind: 'HTTP',
            stage: '$default',
            candidateDeployment: null,
            release: { ...NONE, notes: ['HTTP and WebSocket APIs have no canary.'] },
          }),
        ],
        coverage: complete,
      }),
    },
    '#/canaries?stage=demo%2Fa1%2F%24default&all=true',
  );
  const panel = await screen.findByTestId('canary-panel');
  expect(panel.textContent).toContain('have no canary');
  await within(panel).findByText(/autoDeploy/);
  expect(within(panel).queryByRole('button', { name: /Move the stage/ })).toBeNull();
  expect(within(panel).queryByRole('button', { name: 'Roll back' })).toBeNull();
});
