import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { RateLimit } from '../../api/bindings';
import { host } from '../../api/client';
import { ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';

const WINDOWS = [
  { value: '60', label: '1 minute' },
  { value: '120', label: '2 minutes' },
  { value: '300', label: '5 minutes' },
  { value: '600', label: '10 minutes' },
];

interface Props {
  place: { context: string; webAcl: string; rule: string };
  rate: RateLimit;
  close: () => void;
}

/** How many requests in which time; then the plan. */
export function RateModal({ place, rate, close }: Props) {
  const [limit, setLimit] = useState(String(rate.limit));
  const [span, setSpan] = useState(String(rate.window));
  const make = useMutation({
    mutationFn: () => host.call('waf_rate_limit_set', { ...place, limit: Number(limit), window: Number(span) }),
  });
  if (make.data) return <PlanDialog plan={make.data} close={close} />;
  const typed = limit.trim();
  const wrong = /^\d+$/.test(typed) && Number(typed) >= 10 && Number(typed) <= 2_000_000_000 ? '' : 'WAF takes 10 to 2,000,000,000.';
  return (
    <Modal
      visible
      header={`Rate of ${visible(place.rule)}`}
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" disabled={wrong !== ''} loading={make.isPending} onClick={() => make.mutate()}>
              Review the plan
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={event => {
          event.preventDefault();
          if (wrong === '') make.mutate();
        }}
      >
        <SpaceBetween size="m">
          {make.error && <ErrorAlert error={make.error} />}
          <SpaceBetween direction="horizontal" size="s">
            <FormField label="Requests" errorText={wrong} description="Counted as the rule says.">
              <Input value={limit} ariaLabel="Requests" inputMode="numeric" onChange={({ detail }) => setLimit(detail.value)} />
            </FormField>
            <FormField label="Window" description="WAF knows these four.">
              <Select
                ariaLabel="Window"
                selectedOption={WINDOWS.find(one => one.value === span) ?? { value: span, label: `${span} seconds` }}
                options={WINDOWS}
                onChange={({ detail }) => setSpan(detail.selectedOption.value ?? span)}
              />
            </FormField>
          </SpaceBetween>
          <Box variant="small" color="text-body-secondary">
            Nothing is changed yet: the next step shows what would be, and asks.
          </Box>
        </SpaceBetween>
      </form>
    </Modal>
  );
}
