import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { StageName } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';
import { CanaryStateWords, isAttached, stageOf } from './states';

/** The plan of one rollback, ready to apply; what stands in its way, with the way over it. */
function RollBackStage({ stage, close }: { stage: StageName; close: () => void }) {
  const [overwrite, setOverwrite] = useState(false);
  const plan = useQuery({
    queryKey: ['canary_rollback', stage, overwrite],
    queryFn: () => host.call('canary_rollback', { stage, overwrite }),
    gcTime: 0,
  });
  if (plan.data) return <PlanDialog plan={plan.data} close={close} />;
  const conflict = plan.error !== null && asWireError(plan.error).code === 'conflict';
  return (
    <Modal visible header="Roll back" closeAriaLabel="Close" onDismiss={close}>
      {plan.error ? (
        <ErrorAlert
          error={plan.error}
          action={
            conflict ? (
              <Button onClick={() => setOverwrite(true)}>Roll back over it</Button>
            ) : (
              <Button onClick={() => void plan.refetch()}>Try again</Button>
            )
          }
        />
      ) : (
        <Box color="text-body-secondary">
          <Spinner /> Asking AWS what is live on <Foreign text={stage.stage} />
        </Box>
      )}
    </Modal>
  );
}

/** Rolls a stage's release back; without a stage, the person says which: those that need attention first. */
export function RollBack({ stage, close }: { stage: StageName | null; close: () => void }) {
  const [chosen, setChosen] = useState(stage);
  const list = useOperation('canary_list', { everyStage: false }, chosen === null);
  const attached = list.data?.items.filter(isAttached) ?? [];
  if (chosen) return <RollBackStage stage={chosen} close={close} />;
  return (
    <Modal visible size="large" header="Roll back which canary?" closeAriaLabel="Close" onDismiss={close}>
      <SpaceBetween size="s">
        {list.error && <ErrorAlert error={list.error} retry={() => void list.refetch()} />}
        <Table
          variant="embedded"
          data-testid="roll-back-choice"
          ariaLabels={{ tableLabel: 'Canaries' }}
          loading={list.isPending}
          loadingText="Reading canaries"
          items={attached}
          empty={<EmptyState title="No canaries">No stage has a canary to take back.</EmptyState>}
          columnDefinitions={[
            { id: 'state', header: 'State', cell: line => <CanaryStateWords line={line} /> },
            { id: 'stage', header: 'Stage', isRowHeader: true, cell: line => <Foreign text={`${line.apiName}, ${line.stage}`} /> },
            { id: 'share', header: 'Share', cell: line => `${line.release.percent} %` },
            { id: 'where', header: 'Account and region', cell: line => `${line.account} ${line.region}` },
            {
              id: 'act',
              header: '',
              cell: line => (
                <Button iconName="undo" ariaLabel={`Roll back ${line.apiName}, ${line.stage}`} onClick={() => setChosen(stageOf(line))}>
                  Roll back
                </Button>
              ),
            },
          ]}
        />
        <Alert type="info">A promotion whose canary was removed is rolled back from its stage, in Canaries.</Alert>
      </SpaceBetween>
    </Modal>
  );
}
