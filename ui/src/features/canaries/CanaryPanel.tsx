import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { CanaryLine, Plan, StageName } from '../../api/bindings';
import { host } from '../../api/client';
import { PANEL_WORDS } from '../../shared/panelWords';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';
import { CanaryWatch } from './CanaryWatch';

function stageOf(line: CanaryLine): StageName {
  return { context: line.context, apiId: line.apiId, stage: line.stage };
}

/** Share, overrides and the candidate of a new canary; then the plan. */
function Start({ line, onPlan }: { line: CanaryLine; onPlan: (plan: Plan) => void }) {
  const [percent, setPercent] = useState('10');
  const [deployment, setDeployment] = useState('');
  const [description, setDescription] = useState('');
  const make = useMutation({
    mutationFn: () =>
      host.call('canary_start', {
        stage: stageOf(line),
        percent,
        deploymentId: deployment.trim() || null,
        description: description.trim() || null,
        overrides: {},
        useStageCache: false,
      }),
    onSuccess: onPlan,
  });
  return (
    <SpaceBetween size="s">
      <Box variant="h4">Start a canary</Box>
      <FormField label="Share of the requests, percent">
        <Input value={percent} ariaLabel="Share of the requests" inputMode="decimal" onChange={({ detail }) => setPercent(detail.value)} />
      </FormField>
      <FormField label="Deployment" description="Empty: a new deployment of the API's draft.">
        <Input value={deployment} ariaLabel="Deployment" onChange={({ detail }) => setDeployment(detail.value)} />
      </FormField>
      {deployment.trim() === '' && (
        <FormField label="Description of the new deployment">
          <Input value={description} ariaLabel="Description" onChange={({ detail }) => setDescription(detail.value)} />
        </FormField>
      )}
      {make.error && <ErrorAlert error={make.error} />}
      <Button loading={make.isPending} onClick={() => make.mutate()}>
        Review the plan
      </Button>
    </SpaceBetween>
  );
}

/** Promote, change the share, roll back. */
function Release({ line, onPlan }: { line: CanaryLine; onPlan: (plan: Plan) => void }) {
  const [percent, setPercent] = useState(String(line.release.percent));
  const [remove, setRemove] = useState(true);
  const stage = stageOf(line);
  const set = useMutation({ mutationFn: () => host.call('canary_set', { stage, percent }), onSuccess: onPlan });
  const promote = useMutation({
    mutationFn: () => host.call('canary_promote', { stage, removeCanary: remove, overrideReason: null }),
    onSuccess: onPlan,
  });
  const error = set.error ?? promote.error;
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="xs" alignItems="end">
        <FormField label="Share, percent">
          <Input
            value={percent}
            ariaLabel="Share of the requests"
            inputMode="decimal"
            onChange={({ detail }) => setPercent(detail.value)}
          />
        </FormField>
        <Button loading={set.isPending} onClick={() => set.mutate()}>
          Change the share
        </Button>
      </SpaceBetween>
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Button loading={promote.isPending} onClick={() => promote.mutate()}>
          Promote
        </Button>
        <Checkbox checked={remove} onChange={({ detail }) => setRemove(detail.checked)}>
          and remove the canary
        </Checkbox>
      </SpaceBetween>
      {error && <ErrorAlert error={error} />}
    </SpaceBetween>
  );
}

/** One stage's release. */
export function CanaryPanel({ line }: { line: CanaryLine }) {
  const [plan, setPlan] = useState<Plan | null>(null);
  const back = useMutation({
    mutationFn: () => host.call('canary_rollback', { stage: stageOf(line), overwrite: false }),
    onSuccess: setPlan,
  });
  const attached = line.release.state !== 'none';
  return (
    <SplitPanel
      header={`${visible(line.apiName)}, ${visible(line.stage)}`}
      i18nStrings={PANEL_WORDS}
      hidePreferencesButton
      closeBehavior="hide"
    >
      <div data-testid="canary-panel">
        <SpaceBetween size="m">
          {line.apiKind !== 'REST' ? (
            <Alert type="info">
              <Foreign text={line.release.notes.join(' ')} />
            </Alert>
          ) : (
            <>
              <Button iconName="undo" loading={back.isPending} onClick={() => back.mutate()}>
                Roll back
              </Button>
              {back.error && <ErrorAlert error={back.error} />}
              {attached && line.release.notes.length > 0 && (
                <Alert type={line.release.state === 'running' ? 'info' : 'warning'}>
                  {line.release.notes.map(note => (
                    <div key={note}>{note}</div>
                  ))}
                </Alert>
              )}
              {attached ? <Release line={line} onPlan={setPlan} /> : <Start line={line} onPlan={setPlan} />}
              {attached && <CanaryWatch stage={stageOf(line)} onPlan={setPlan} />}
            </>
          )}
        </SpaceBetween>
      </div>
      {plan && <PlanDialog plan={plan} close={() => setPlan(null)} />}
    </SplitPanel>
  );
}
