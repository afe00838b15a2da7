import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import SplitPanel from '@cloudscape-design/components/split-panel';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import type { JournalDetail, JournalEntry, JournalStep, ResumeWay, StepTrail } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { PANEL_WORDS } from '../../shared/panelWords';
import { ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { PlanDialog, Protected, ReadOnly, useContexts } from '../changes/PlanDialog';
import { PlanCommands, PlanDiff, PlanRoutes } from '../changes/PlanParts';
import { useAgain } from './useAgain';

const STEP: Record<JournalStep['state'], { type: 'pending' | 'in-progress' | 'success' | 'error'; text: string }> = {
  'not-started': { type: 'pending', text: 'not sent' },
  started: { type: 'in-progress', text: 'sent, answer not known' },
  done: { type: 'success', text: 'done' },
  failed: { type: 'error', text: 'failed' },
};

const UNDOABLE = ['applied', 'partial', 'mismatch'];

/** An interrupted change: what AWS really has of it, and the two ways on. */
function Unfinished({ entry }: { entry: JournalEntry }) {
  const invalidate = useInvalidate();
  const contexts = useContexts({ targets: entry.plan?.targets ?? [] });
  const [typed, setTyped] = useState<Record<string, string>>({});
  const look = useOperation('change_resume', { entry: entry.id, way: 'look', typed: [] });
  const go = useMutation({
    mutationFn: (way: ResumeWay) => host.call('change_resume', { entry: entry.id, way, typed: Object.values(typed) }),
    onSettled: invalidate,
  });
  const steps = look.data?.interrupted.steps ?? [];
  const readOnly = contexts.filter(context => context.access.mode === 'read-only');
  const guarded = contexts.filter(context => context.access.protected);
  const named = guarded.every(context => typed[context.label] === context.label);
  const clear = look.data !== undefined && !steps.includes('unknown') && readOnly.length === 0 && named;
  return (
    <SpaceBetween size="s">
      <Alert
        type="warning"
        header="This change was interrupted"
        action={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!clear} loading={go.isPending} onClick={() => go.mutate('take-back')}>
              Take it back
            </Button>
            <Button disabled={!clear} loading={go.isPending} onClick={() => go.mutate('finish')}>
              Finish it
            </Button>
          </SpaceBetween>
        }
      >
        {look.isPending && 'Looking at what AWS has of it…'}
        <ol>
          {steps.map((state, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- steps have no id and never move
            <li key={at}>
              {state === 'done' ? 'is live' : state === 'not-done' ? 'is not live' : 'is in a state that this change did not make'}
            </li>
          ))}
        </ol>
      </Alert>
      {readOnly.map(context => (
        <ReadOnly key={context.label} context={context} />
      ))}
      {readOnly.length === 0 && <Protected contexts={guarded} typed={typed} onTyped={setTyped} />}
      {look.error && <ErrorAlert error={look.error} retry={() => void look.refetch()} />}
      {go.error && <ErrorAlert error={go.error} />}
    </SpaceBetween>
  );
}

function Facts({ entry, show }: { entry: JournalEntry; show: (entry: string) => void }) {
  const other = (id: string) => <Link onFollow={() => show(id)}>{id}</Link>;
  return (
    <KeyValuePairs
      columns={2}
      items={[
        { label: 'Entry', value: entry.id },
        { label: 'Opened', value: entry.openedAt },
        { label: 'Who', value: <Foreign text={entry.actor.localUser} /> },
        { label: 'Caller', value: <Foreign text={entry.actor.callerArn} /> },
        { label: 'Why', value: <Foreign text={entry.reason || '–'} /> },
        { label: 'Ended', value: entry.closedAt ?? '–' },
        ...(entry.follows ? [{ label: 'Undoes', value: other(entry.follows) }] : []),
        ...entry.undoneBy.map(id => ({ label: 'Undone by', value: other(id) })),
      ]}
    />
  );
}

const TRAIL: Record<StepTrail['state'], 'success' | 'pending' | 'warning' | 'stopped'> = {
  matched: 'success',
  'not-arrived': 'pending',
  'not-covered': 'pending',
  missing: 'warning',
  'no-request-id': 'stopped',
  'not-sent': 'stopped',
};

/** The calls of a change, each with what CloudTrail has of it. */
function Calls({ entry }: { entry: JournalDetail }) {
  const invalidate = useInvalidate();
  const fetching = useMutation({ mutationFn: () => host.call('event_refresh', { since: entry.openedAt }), onSettled: invalidate });
  const waits = entry.trail.some(trail => trail.state === 'not-arrived' || trail.state === 'not-covered');
  return (
    <div data-testid="journal-calls">
      <SpaceBetween size="xs">
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Box variant="h4">Calls</Box>
          {waits && (
            <Button variant="inline-link" loading={fetching.isPending} onClick={() => fetching.mutate()}>
              Fetch changes from CloudTrail
            </Button>
          )}
        </SpaceBetween>
        {fetching.error && <ErrorAlert error={fetching.error} />}
        {fetching.data && !fetching.data.coverage.complete && (
          <GapsAlert coverage={fetching.data.coverage} heading="CloudTrail could not be read to the end" />
        )}
        <ol>
          {entry.steps.map((step, at) => {
            const trail = entry.trail[at];
            return (
              // oxlint-disable-next-line react/no-array-index-key -- steps have no id and never move
              <li key={at}>
                <StatusIndicator type={STEP[step.state].type}>{STEP[step.state].text}</StatusIndicator>
                {typeof step.millis === 'number' && ` ${step.millis} ms`}
                {step.requestId && (
                  <Box variant="small" display="block">
                    AWS request id <Foreign text={step.requestId} />
                  </Box>
                )}
                {step.message && (
                  <div>
                    <Foreign text={step.message} />
                  </div>
                )}
                {trail && (
                  <div>
                    <StatusIndicator type={TRAIL[trail.state]} wrapText>
                      {visible(trail.sentence)}
                    </StatusIndicator>
                  </div>
                )}
              </li>
            );
          })}
        </ol>
      </SpaceBetween>
    </div>
  );
}

interface Props {
  entry: string;
  undo: boolean;
  close: () => void;
  show: (entry: string) => void;
}

/** Everything about one change, and the way back. */
export function JournalPanel({ entry: id, undo, close, show }: Props) {
  const query = useOperation('journal_get', { entry: id });
  const entry = query.data;
  const plan = useMutation({ mutationFn: () => host.call('change_undo', { entry: id }) });
  const { mutate } = plan;
  useEffect(() => {
    if (undo) mutate();
  }, [undo, mutate]);
  useAgain(entry?.state === 'running', query.refetch);
  return (
    <SplitPanel header={visible(entry?.plan?.title ?? 'Change')} i18nStrings={PANEL_WORDS} hidePreferencesButton closeBehavior="hide">
      <div data-testid="journal-panel">
        <SpaceBetween size="m">
          {query.error && <ErrorAlert error={query.error} retry={() => void query.refetch()} />}
          {plan.error && <ErrorAlert error={plan.error} />}
          {query.isPending && <Spinner />}
          {entry && (
            <>
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={!UNDOABLE.includes(entry.outcome ?? '')} loading={plan.isPending} onClick={() => mutate()}>
                  Undo
                </Button>
                <Button onClick={close}>Close</Button>
              </SpaceBetween>
              {entry.state === 'running' && (
                <Alert type="info" header="This change is under way">
                  A window or a command line of this machine is making it. It can be finished or taken back only if that program ends before
                  the change does.
                </Alert>
              )}
              {entry.state === 'unfinished' && <Unfinished entry={entry} />}
              {entry.message && (
                <Box>
                  <Foreign text={entry.message} />
                </Box>
              )}
              <Facts entry={entry} show={show} />
              {entry.steps.length > 0 && <Calls entry={entry} />}
              {entry.plan && (
                <>
                  <PlanDiff plan={entry.plan} />
                  <PlanRoutes plan={entry.plan} />
                  <PlanCommands plan={entry.plan} />
                </>
              )}
            </>
          )}
        </SpaceBetween>
      </div>
      {plan.data && (
        <PlanDialog
          plan={plan.data}
          close={() => {
            plan.reset();
            show(id);
          }}
        />
      )}
    </SplitPanel>
  );
}
