import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';

import type { OpenContext, Plan, WarningKind } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { PlanCommands, PlanDiff, PlanRoutes } from './PlanParts';
import { useUndoable } from './useUndoable';

const SERIOUS = ['loosens', 'blocks'];

/** What a yes to the plan does not cover: each is accepted by itself. */
const APART: { kind: WarningKind; header: string; type: 'error' | 'warning'; accept: string }[] = [
  {
    kind: 'exposes',
    header: 'More people can reach these routes',
    type: 'error',
    accept: 'I accept that these routes become reachable by more people',
  },
  {
    kind: 'overwrites',
    header: 'Somebody else changed this in the meantime',
    type: 'warning',
    accept: 'I accept that their change is taken back',
  },
];

interface Props {
  plan: Plan;
  close: () => void;
  /** What belongs to judging this plan: a replay, a security difference. */
  children?: ReactNode;
}

/** The contexts that a plan changes, as they are open. */
export function useContexts(plan: Pick<Plan, 'targets'>): OpenContext[] {
  const list = useOperation('context_list', {});
  const labels = new Set(plan.targets.map(target => target.context));
  return list.data?.open.filter(context => labels.has(context.label)) ?? [];
}

/** The names of protected contexts, typed out. */
export function Protected(props: {
  contexts: OpenContext[];
  typed: Record<string, string>;
  onTyped: (typed: Record<string, string>) => void;
}) {
  return props.contexts.map(({ label }) => (
    <FormField key={label} label={`${visible(label)} is protected`} description="Type its name to confirm that you mean this one.">
      <Input
        value={props.typed[label] ?? ''}
        ariaLabel={`Name of the context ${visible(label)}`}
        placeholder={visible(label)}
        onChange={({ detail }) => props.onTyped({ ...props.typed, [label]: detail.value })}
      />
    </FormField>
  ));
}

export function ReadOnly({ context }: { context: OpenContext }) {
  const invalidate = useInvalidate();
  const allow = useMutation({
    mutationFn: () => host.call('context_access_set', { context: context.label, access: { ...context.access, mode: 'operator' } }),
    onSuccess: invalidate,
  });
  return (
    <Alert
      type="info"
      header={`${visible(context.label)} is read-only`}
      action={
        <Button loading={allow.isPending} onClick={() => allow.mutate()}>
          Allow changes
        </Button>
      }
    >
      {allow.error ? <ErrorAlert error={allow.error} /> : 'Allowing changes is remembered until it is taken back in the context switcher.'}
    </Alert>
  );
}

function Warnings({ plan }: { plan: Plan }) {
  const apart = APART.map(one => one.kind);
  const serious = plan.warnings.filter(warning => warning.kind !== 'note' && !apart.includes(warning.kind));
  const notes = plan.warnings.filter(warning => warning.kind === 'note');
  const list = (warnings: Plan['warnings']) => (
    <ul className="plan-warnings">
      {warnings.map(warning => (
        <li key={warning.message}>
          <Foreign text={warning.message} />
        </li>
      ))}
    </ul>
  );
  if (plan.warnings.length === 0) return null;
  return (
    <SpaceBetween size="xs">
      {serious.length > 0 && (
        <Alert type="warning" header="Read this first">
          {list(serious)}
        </Alert>
      )}
      {notes.length > 0 && <Alert type="info">{list(notes)}</Alert>}
    </SpaceBetween>
  );
}

/** Warnings of one kind that is accepted by itself, in its own colour, with its own box to tick. */
function AcceptedApart(props: { plan: Plan; accepted: WarningKind[]; onAccepted: (accepted: WarningKind[]) => void }) {
  const { plan, accepted, onAccepted } = props;
  return APART.filter(one => plan.warnings.some(warning => warning.kind === one.kind)).map(one => (
    <Alert key={one.kind} type={one.type} header={one.header} data-testid={`plan-${one.kind}`}>
      <ul className="plan-warnings">
        {plan.warnings
          .filter(warning => warning.kind === one.kind)
          .map(warning => (
            <li key={warning.message}>
              <Foreign text={warning.message} />
            </li>
          ))}
      </ul>
      <Checkbox
        checked={accepted.includes(one.kind)}
        onChange={({ detail }) => onAccepted(detail.checked ? [...accepted, one.kind] : accepted.filter(kind => kind !== one.kind))}
      >
        {one.accept}
      </Checkbox>
    </Alert>
  ));
}

function Progress({ entry, total }: { entry: string; total: number }) {
  const status = useQuery({
    queryKey: ['change_status', entry],
    queryFn: () => host.call('change_status', {}),
    refetchInterval: 400,
  });
  const running = status.data?.running.find(change => change.entry === entry);
  const stop = useMutation({ mutationFn: () => host.call('change_cancel', { entry }) });
  const done = running?.done ?? 0;
  const waiting = running?.waiting;
  return (
    <div data-testid="applying">
      <SpaceBetween size="xs">
        <ProgressBar
          label="Applying"
          value={total === 0 ? 0 : (done / total) * 100}
          additionalInfo={`${done} of ${total} calls${running?.stopping ? ', stopping after the one that is being sent' : ''}`}
        />
        {waiting && <StatusIndicator type="pending">{waiting.sentence}</StatusIndicator>}
        {(total > 1 || waiting) && (
          <Button disabled={running?.stopping ?? true} onClick={() => stop.mutate()}>
            Stop
          </Button>
        )}
        {stop.error && <ErrorAlert error={stop.error} />}
      </SpaceBetween>
    </div>
  );
}

/** A plan to read, and the person's word for it: the one way in which the window changes anything. */
export function PlanDialog({ plan, close, children }: Props) {
  const invalidate = useInvalidate();
  const undoable = useUndoable();
  const contexts = useContexts(plan);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [acknowledged, setAcknowledged] = useState(false);
  const [accepted, setAccepted] = useState<WarningKind[]>([]);
  const serious = plan.warnings.some(warning => SERIOUS.includes(warning.kind));
  const readOnly = contexts.filter(context => context.access.mode === 'read-only');
  const guarded = contexts.filter(context => context.access.protected);
  const unnamed = guarded.some(context => typed[context.label] !== context.label);
  const apply = useMutation({
    mutationFn: () => host.call('plan_apply', { planId: plan.id, reason, typed: Object.values(typed), acknowledged, accepted }),
    onSuccess: async applied => {
      close();
      undoable(`${plan.title}: ${applied.already ? 'it had been applied already' : 'applied and read back'}.`, applied.entry);
      await invalidate();
    },
    onError: () => void invalidate(),
  });
  const empty = plan.steps.length === 0;
  const open = APART.some(one => plan.warnings.some(warning => warning.kind === one.kind) && !accepted.includes(one.kind));
  const ready = !empty && readOnly.length === 0 && !unnamed && (!serious || acknowledged) && !open;
  return (
    <Modal
      visible
      size="large"
      header={visible(plan.title)}
      closeAriaLabel="Close"
      onDismiss={() => !apply.isPending && close()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={apply.isPending} onClick={close}>
              {empty ? 'Close' : 'Cancel'}
            </Button>
            {!empty && (
              <Button
                variant="primary"
                disabled={!ready || apply.isError}
                loading={apply.isPending}
                onClick={() => apply.mutate()}
                data-testid="apply-plan"
              >
                Apply
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <div data-testid="plan">
        <SpaceBetween size="m">
          {apply.error && <ErrorAlert error={apply.error} />}
          {empty && <Alert type="success">There is nothing to do: the live state is already as asked for.</Alert>}
          <AcceptedApart plan={plan} accepted={accepted} onAccepted={setAccepted} />
          <Warnings plan={plan} />
          {!empty && <PlanDiff plan={plan} />}
          {children}
          <PlanRoutes plan={plan} />
          <PlanCommands plan={plan} />
          {plan.undo && (
            <Box variant="small" display="block">
              <Foreign text={plan.undo} />
            </Box>
          )}
          {!empty && readOnly.map(context => <ReadOnly key={context.label} context={context} />)}
          {!empty && readOnly.length === 0 && (
            <>
              <Protected contexts={guarded} typed={typed} onTyped={setTyped} />
              {serious && (
                <Checkbox checked={acknowledged} onChange={({ detail }) => setAcknowledged(detail.checked)}>
                  I have read the warnings and want this
                </Checkbox>
              )}
              <FormField label="Why" description="Kept in the journal.">
                <Textarea value={reason} rows={2} ariaLabel="Why" onChange={({ detail }) => setReason(detail.value)} />
              </FormField>
            </>
          )}
          {apply.isPending && <Progress entry={plan.id} total={plan.steps.length} />}
        </SpaceBetween>
      </div>
    </Modal>
  );
}
