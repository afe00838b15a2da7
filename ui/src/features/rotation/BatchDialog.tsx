import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { KeyPlan, KeyResult, RotationBatch } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { Protected, ReadOnly, useContexts } from '../changes/PlanDialog';

const OUTCOMES = {
  done: { type: 'success', text: 'Done' },
  failed: { type: 'error', text: 'Failed' },
  'not-begun': { type: 'stopped', text: 'Not begun' },
} as const;

function Progress({ batch }: { batch: RotationBatch }) {
  const status = useQuery({
    queryKey: ['change_status', batch.id],
    queryFn: () => host.call('change_status', {}),
    refetchInterval: 400,
  });
  const running = status.data?.running.find(change => change.entry === batch.id);
  const stop = useMutation({ mutationFn: () => host.call('change_cancel', { entry: batch.id }) });
  const [done, total] = [running?.done ?? 0, batch.plans.length];
  return (
    <SpaceBetween size="xs">
      <ProgressBar
        label="Applying"
        value={total === 0 ? 0 : (done / total) * 100}
        additionalInfo={`${done} of ${total} keys${running?.stopping ? ', stopping after the one that is under way' : ''}`}
      />
      <Button disabled={running?.stopping ?? true} onClick={() => stop.mutate()}>
        Stop after this key
      </Button>
    </SpaceBetween>
  );
}

function Results({ keys }: { keys: KeyResult[] }) {
  return (
    <Table<KeyResult>
      variant="embedded"
      wrapLines
      ariaLabels={{ tableLabel: 'What became of each key' }}
      items={keys}
      columnDefinitions={[
        { id: 'key', header: 'Key', isRowHeader: true, cell: key => <Foreign text={`${key.keyName} (${key.keyId})`} /> },
        {
          id: 'outcome',
          header: 'Outcome',
          width: 130,
          cell: key => <StatusIndicator type={OUTCOMES[key.outcome].type}>{OUTCOMES[key.outcome].text}</StatusIndicator>,
        },
        { id: 'said', header: 'Why, or the entry', cell: key => <Foreign text={key.error?.message ?? key.entry ?? ''} /> },
      ]}
    />
  );
}

function Plans({ plans }: { plans: KeyPlan[] }) {
  return (
    <Table<KeyPlan>
      variant="embedded"
      wrapLines
      ariaLabels={{ tableLabel: 'Keys of this batch' }}
      items={plans}
      columnDefinitions={[
        { id: 'key', header: 'Key', isRowHeader: true, cell: key => <Foreign text={`${key.keyName} (${key.keyId})`} /> },
        {
          id: 'plans',
          header: 'Usage plans',
          cell: key => (
            <Foreign
              text={
                key.plan.targets
                  .flatMap(target => (target.kind === 'newPlanKey' || target.kind === 'planKey' ? [target.planName] : []))
                  .join(', ') || '–'
              }
            />
          ),
        },
        { id: 'calls', header: 'Calls', width: 80, cell: key => key.plan.steps.length },
      ]}
    />
  );
}

/** The same stage for many keys: one plan to read, one word for it. */
export function BatchDialog({ batch, close }: { batch: RotationBatch; close: () => void }) {
  const invalidate = useInvalidate();
  const contexts = useContexts({ targets: batch.plans.flatMap(key => key.plan.targets) });
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const readOnly = contexts.filter(context => context.access.mode === 'read-only');
  const guarded = contexts.filter(context => context.access.protected);
  const apply = useMutation({
    mutationFn: () => host.call('rotation_apply', { batchId: batch.id, reason, typed: Object.values(typed), acknowledged: true }),
    onSettled: () => invalidate(),
  });
  const named = guarded.every(context => typed[context.label] === context.label);
  const ready = batch.plans.length > 0 && readOnly.length === 0 && named && !apply.isPending && !apply.isSuccess && !apply.isError;
  return (
    <Modal
      visible
      size="large"
      header={batch.title}
      closeAriaLabel="Close"
      onDismiss={() => !apply.isPending && close()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={apply.isPending} onClick={close}>
              {apply.isSuccess || batch.plans.length === 0 ? 'Close' : 'Cancel'}
            </Button>
            {!apply.isSuccess && batch.plans.length > 0 && (
              <Button
                variant="primary"
                disabled={!ready}
                loading={apply.isPending}
                onClick={() => apply.mutate()}
                data-testid="apply-batch"
              >
                Apply
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <div data-testid="batch">
        <SpaceBetween size="m">
          {apply.error && <ErrorAlert error={apply.error} />}
          {apply.data?.stopped && (
            <Alert type="warning" header="It ended before the last key">
              <Foreign text={apply.data.stopped} />
            </Alert>
          )}
          {apply.data && <Results keys={apply.data.keys} />}
          {!apply.data && batch.plans.length > 0 && (
            <>
              <Alert type="info">
                {batch.calls} calls, at least {batch.seconds} s at the rate that AWS allows. Each key is a change of its own: it is done or
                taken back, and undone by itself. Quotas count by key: while both keys work, each has what the old one had left, until the
                quotas are settled.
              </Alert>
              <Plans plans={batch.plans} />
            </>
          )}
          {!apply.data && batch.plans.length === 0 && <Alert type="info">No key is left to do this for.</Alert>}
          {batch.leftOut.length > 0 && (
            <ExpandableSection headerText={`Left out (${batch.leftOut.length})`} defaultExpanded={batch.leftOut.length <= 3}>
              <ul>
                {batch.leftOut.map(key => (
                  <li key={key.keyId}>
                    <Foreign text={`${key.keyName} (${key.keyId}): ${key.why}`} />
                  </li>
                ))}
              </ul>
            </ExpandableSection>
          )}
          {!apply.data && readOnly.map(context => <ReadOnly key={context.label} context={context} />)}
          {!apply.data && batch.plans.length > 0 && readOnly.length === 0 && (
            <>
              <Protected contexts={guarded} typed={typed} onTyped={setTyped} />
              <FormField label="Why" description="Kept in the journal, with every key.">
                <Textarea value={reason} rows={2} ariaLabel="Why" onChange={({ detail }) => setReason(detail.value)} />
              </FormField>
            </>
          )}
          {apply.isPending && <Progress batch={batch} />}
        </SpaceBetween>
      </div>
    </Modal>
  );
}
