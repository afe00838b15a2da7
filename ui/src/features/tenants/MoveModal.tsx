import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import type { Plan, TenantPlan } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { count } from './states';

interface Props {
  plan: TenantPlan;
  context: string;
  close: () => void;
  made: (plan: Plan) => void;
}

/** Another usage plan for a key; then the plan of the change. */
export function MoveModal({ plan, context, close, made }: Props) {
  const plans = useOperation('usage_plan_list', { afresh: false });
  const [to, setTo] = useState<string | null>(null);
  const [keep, setKeep] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const others = plans.data?.items.filter(other => other.context === context && other.id !== plan.row.usagePlanId) ?? [];
  const review = async () => {
    try {
      const { keyId, usagePlanId } = plan.row;
      made(await host.call('tenant_move', { context, keyId, from: usagePlanId ?? '', to: to ?? '', keepRemaining: keep }));
    } catch (thrown) {
      setError(thrown);
    }
  };
  const failure = error ?? plans.error;
  return (
    <Modal
      visible
      header="Move to another usage plan"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" disabled={to === null} onClick={() => void review()}>
              Review the plan
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {failure !== null && <ErrorAlert error={failure} />}
        <FormField label="To">
          <Select
            ariaLabel="Usage plan"
            placeholder="Choose a usage plan"
            selectedOption={to === null ? null : { value: to, label: visible(others.find(other => other.id === to)?.name ?? to) }}
            options={others.map(other => ({
              value: other.id,
              label: visible(other.name),
              description: other.quota ? `${count(other.quota.limit)} per ${other.quota.period.toLowerCase()}` : 'no quota',
            }))}
            onChange={({ detail }) => setTo(detail.selectedOption.value ?? null)}
          />
        </FormField>
        <Checkbox checked={keep} onChange={({ detail }) => setKeep(detail.checked)}>
          Keep what is left of the quota
        </Checkbox>
      </SpaceBetween>
    </Modal>
  );
}
