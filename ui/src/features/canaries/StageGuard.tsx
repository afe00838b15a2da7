import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { CoverCell, CoverageLine, StageName } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { CreateAlarmsModal } from '../alarms/CreateAlarmsModal';
import { SUBJECTS, VERDICTS } from '../alarms/words';

function Cell({ cell, context }: { cell: CoverCell; context: string }) {
  const navigate = useNavigate();
  const { type, text } = VERDICTS[cell.verdict];
  return (
    <div>
      <StatusIndicator type={type}>{`${SUBJECTS[cell.subject]}: ${text.toLowerCase()}`}</StatusIndicator>{' '}
      {cell.alarms.map((alarm, at) => (
        <span key={alarm.name}>
          {at > 0 && ', '}
          <Link
            fontSize="body-s"
            onFollow={() => void navigate({ to: '/alarms', search: { alarm: `${context}/${alarm.name}`, text: alarm.name } })}
          >
            <Foreign text={alarm.name} />
          </Link>
        </span>
      ))}
    </div>
  );
}

function ofStage(items: CoverageLine[], stage: StageName): CoverageLine | undefined {
  return items.find(({ row }) => !row.route && row.context === stage.context && row.apiId === stage.apiId && row.stage === stage.stage);
}

/** Who notices while the program does not run: the stage's alarms, and the way to those that are missing. */
export function StageGuard({ stage }: { stage: StageName }) {
  const [creating, setCreating] = useState(false);
  const alarms = useOperation('alarm_coverage', { api: stage.apiId, stage: stage.stage, refresh: false });
  const line = ofStage(alarms.data?.items ?? [], stage);
  const missing = line?.missing.length ?? 0;
  const told = line?.row.cells.some(cell => cell.verdict === 'covered') ?? false;
  const read = alarms.data !== undefined;
  return (
    <div data-testid="stage-guard">
      <Alert
        type={read && !told ? 'warning' : 'info'}
        header="The watch runs only while Portcullis runs"
        action={
          missing > 0 && (
            <Button onClick={() => setCreating(true)}>
              {missing === 1 ? 'Create the missing alarm' : `Create ${missing} missing alarms`}
            </Button>
          )
        }
      >
        <SpaceBetween size="xs">
          <div>
            In this window, or as canary watch on a command line. While neither runs nobody looks at this canary and nobody takes it back:
            only alarms of CloudWatch on the stage notice. What was missed is read when it is opened again.
          </div>
          {alarms.error && <ErrorAlert error={alarms.error} retry={() => void alarms.refetch()} />}
          {alarms.data && <GapsAlert coverage={alarms.data.coverage} heading="The alarms could not be read" />}
          {alarms.isPending && <StatusIndicator type="loading">Reading the alarms of the stage</StatusIndicator>}
          {line && (
            <div>
              {line.row.cells.map(cell => (
                <Cell key={cell.subject} cell={cell} context={stage.context} />
              ))}
            </div>
          )}
          {read && !line && alarms.data.coverage.complete && (
            <Box color="text-body-secondary">Nothing is known of this stage&apos;s alarms yet: it was not read to the end.</Box>
          )}
        </SpaceBetween>
      </Alert>
      {creating && line && <CreateAlarmsModal lines={[line]} close={() => setCreating(false)} />}
    </div>
  );
}
