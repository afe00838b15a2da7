import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { Plan, TenantPlan } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { ErrorAlert } from '../../shared/states';
import { PlanDialog } from '../changes/PlanDialog';
import { RevealModal } from '../rotation/RevealModal';
import { MoveModal } from './MoveModal';

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

/** What can be done about a key in a plan. */
export function KeyActions({ plan, context }: { plan: TenantPlan; context: string }) {
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'extend' | 'move' | 'reveal' | null>(null);
  const [change, setChange] = useState<Plan | null>(null);
  const { row } = plan;
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        {plan.quota && <Button onClick={() => setDialog('extend')}>Extend quota</Button>}
        {row.usagePlanId && <Button onClick={() => setDialog('move')}>Move to another plan</Button>}
        <Button onClick={() => void navigate({ to: '/rotation', search: { text: row.keyId } })}>Rotate key</Button>
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
      {dialog === 'reveal' && <RevealModal keyId={row.keyId} keyName={row.keyName} context={context} close={() => setDialog(null)} />}
      {change && <PlanDialog plan={change} close={() => setChange(null)} />}
    </>
  );
}
