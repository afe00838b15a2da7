import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { QuotaPeriod, UsagePlanLine } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';

const PERIODS: { value: QuotaPeriod; label: string }[] = [
  { value: 'DAY', label: 'day' },
  { value: 'WEEK', label: 'week' },
  { value: 'MONTH', label: 'month' },
];

/** Which quota for the keys of a plan; then the plan of the change. */
export function QuotaModal({ plan, close }: { plan: UsagePlanLine; close: () => void }) {
  const [limit, setLimit] = useState(plan.quota?.limit.toString() ?? '');
  const [period, setPeriod] = useState<QuotaPeriod>(plan.quota?.period ?? 'DAY');
  const make = useMutation({
    mutationFn: () => host.call('quota_set', { context: plan.context, usagePlanId: plan.id, limit, period }),
  });
  if (make.data) return <PlanDialog plan={make.data} close={close} />;
  const wire = make.error ? asWireError(make.error) : undefined;
  const wrong = wire?.code === 'invalid-input' ? wire.message : '';
  return (
    <Modal
      visible
      header={`Quota of ${visible(plan.name)}`}
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" loading={make.isPending} onClick={() => make.mutate()}>
              Review the plan
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {make.error && wrong === '' && <ErrorAlert error={make.error} />}
        <FormField label="Requests" errorText={wrong} description="For each key of the plan.">
          <Input value={limit} ariaLabel="Requests" inputMode="numeric" onChange={({ detail }) => setLimit(detail.value)} />
        </FormField>
        <FormField label="Per">
          <Select
            ariaLabel="Period"
            selectedOption={PERIODS.find(one => one.value === period) ?? null}
            options={PERIODS}
            onChange={({ detail }) => setPeriod(detail.selectedOption.value as QuotaPeriod)}
          />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
