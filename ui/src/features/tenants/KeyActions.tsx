import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';

import type { Plan, RotationStage, TenantPlan } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { useAttempt } from '../../shared/attempt';
import { ErrorAlert } from '../../shared/states';
import { PlanDialog, Protected } from '../changes/PlanDialog';
import { MoveModal } from './MoveModal';

const STAGES: { id: RotationStage; text: string; description: string }[] = [
  { id: 'create', text: '1. Make the new key', description: 'Same name with the day, same tags and customer' },
  { id: 'attach', text: '2. Put it into the same plans', description: 'With what is left of the quota; both keys work then' },
  { id: 'disable', text: '3. Disable the old key', description: 'When its holder has the new one' },
  { id: 'delete', text: '4. Delete the old key', description: 'For good' },
  { id: 'enable', text: 'Enable the old key again', description: 'The way back from 3' },
  { id: 'abandon', text: 'Delete the new key', description: 'The way back from 1 and 2' },
];

function ExtendModal({ plan, context, close, made }: { plan: TenantPlan; context: string; close: () => void; made: (plan: Plan) => void }) {
  const [requests, setRequests] = useState('+');
  const [error, setError] = useState<unknown>(null);
  const wire = error === null ? undefined : asWireError(error);
  const review = async () => {
    try {
      const { usagePlanId, keyId } = plan.row;
      made(await host.call('quota_extend', { context, usagePlanId: usagePlanId ?? '', keyId, requests }));
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Modal
      visible
      header="Extend the quota of the running period"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" onClick={() => void review()}>
              Review the plan
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {wire && wire.code !== 'invalid-input' && <ErrorAlert error={error} />}
        <FormField
          label="Requests"
          description="+5000 for so many more than are left, 5000 for so many in all."
          errorText={wire?.code === 'invalid-input' ? wire.message : ''}
        >
          <Input value={requests} ariaLabel="Requests" onChange={({ detail }) => setRequests(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}

/** One key's value, for as long as this is open; the clipboard is cleared after a minute. */
function RevealModal({ keyId, context, close }: { keyId: string; context: string; close: () => void }) {
  const frame = useFrame();
  const [reason, setReason] = useState('');
  const [value, setValue] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const contexts = useOperation('context_list', {}).data?.open ?? [];
  const guarded = contexts.filter(open => open.label === context && open.access.protected);
  const named = guarded.every(open => typed[open.label] === open.label);
  useEffect(() => () => setValue(null), []);
  const reveal = async (path: string | null) => {
    setError(null);
    try {
      const answer = await host.call('key_reveal', { context, keyId, reason, typed: typed[context] ?? null, path });
      setValue(answer.value ?? null);
      if (answer.path) {
        frame.notify('success', 'The value was written to the file; only you can read it.');
        close();
      }
    } catch (thrown) {
      setError(thrown);
    }
  };
  const save = async () => {
    const path = await host.chooseSavePath('key.txt');
    if (path !== null) await reveal(path);
  };
  const copy = async (text: string) => {
    await host.copyText(text);
    frame.notify('success', 'Copied. The clipboard is cleared in 60 seconds.');
    setTimeout(() => void host.copyText(''), 60_000);
    close();
  };
  return (
    <Modal visible header="Reveal the key's value" closeAriaLabel="Close" onDismiss={close} footer={<Button onClick={close}>Close</Button>}>
      <div data-testid="reveal">
        <SpaceBetween size="m">
          {error !== null && <ErrorAlert error={error} />}
          <Alert type="info">The journal notes who asked and why, without the value.</Alert>
          {value === null ? (
            <>
              <FormField label="Why">
                <Input value={reason} ariaLabel="Why" onChange={({ detail }) => setReason(detail.value)} />
              </FormField>
              <Protected contexts={guarded} typed={typed} onTyped={setTyped} />
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={!named} onClick={() => void reveal(null)}>
                  Show
                </Button>
                <Button disabled={!named} onClick={() => void save()}>
                  Save to a file
                </Button>
              </SpaceBetween>
            </>
          ) : (
            <>
              <Box variant="code">{value}</Box>
              <Button iconName="copy" onClick={() => void copy(value)}>
                Copy, and clear after 60 seconds
              </Button>
            </>
          )}
        </SpaceBetween>
      </div>
    </Modal>
  );
}

/** What can be done about a key in a plan. */
export function KeyActions({ plan, context }: { plan: TenantPlan; context: string }) {
  const attempt = useAttempt();
  const [dialog, setDialog] = useState<'extend' | 'move' | 'reveal' | null>(null);
  const [change, setChange] = useState<Plan | null>(null);
  const { row } = plan;
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        {plan.quota && <Button onClick={() => setDialog('extend')}>Extend quota</Button>}
        {row.usagePlanId && <Button onClick={() => setDialog('move')}>Move to another plan</Button>}
        <ButtonDropdown
          items={STAGES}
          onItemClick={({ detail }) =>
            attempt(async () => {
              setChange(await host.call('key_rotate', { context, keyId: row.keyId, stage: detail.id as RotationStage }));
            })
          }
        >
          Rotate key
        </ButtonDropdown>
        <Button onClick={() => setDialog('reveal')}>Reveal value</Button>
      </SpaceBetween>
      {dialog === 'extend' && (
        <ExtendModal
          plan={plan}
          context={context}
          close={() => setDialog(null)}
          made={made => {
            setDialog(null);
            setChange(made);
          }}
        />
      )}
      {dialog === 'move' && (
        <MoveModal
          plan={plan}
          context={context}
          close={() => setDialog(null)}
          made={made => {
            setDialog(null);
            setChange(made);
          }}
        />
      )}
      {dialog === 'reveal' && <RevealModal keyId={row.keyId} context={context} close={() => setDialog(null)} />}
      {change && <PlanDialog plan={change} close={() => setChange(null)} />}
    </>
  );
}
