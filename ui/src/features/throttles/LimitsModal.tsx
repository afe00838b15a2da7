import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { Limit, ThrottleSelection } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';
import { PlanReplay } from './PlanReplay';

interface Props {
  selection: ThrottleSelection;
  /** What gets the limit, for the heading. */
  what: string;
  /** What applies now, to begin with. */
  now?: Limit;
  close: () => void;
}

/** Which limit for what; then the plan. */
export function LimitsModal({ selection, what, now, close }: Props) {
  const [rate, setRate] = useState(now?.rate?.toString() ?? '');
  const [burst, setBurst] = useState(now?.burst?.toString() ?? '');
  const [remove, setRemove] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      host.call('throttle_set', {
        selection,
        rate: remove || rate.trim() === '' ? null : rate,
        burst: remove || burst.trim() === '' ? null : burst,
        remove,
      }),
  });
  if (make.data)
    return (
      <PlanDialog plan={make.data} close={close}>
        {!remove && <PlanReplay plan={make.data} rate={rate} burst={burst} />}
      </PlanDialog>
    );
  const wire = make.error ? asWireError(make.error) : undefined;
  const wrong = wire?.code === 'invalid-input' ? wire.message : undefined;
  const of = (field: string) => (wrong?.toLowerCase().startsWith(`a ${field}`) ? wrong : '');
  return (
    <Modal
      visible
      size="medium"
      header={`Limit ${visible(what)}`}
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
      <form
        onSubmit={event => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <SpaceBetween size="m">
          {make.error && !of('rate') && !of('burst') && <ErrorAlert error={make.error} />}
          <RadioGroup
            value={remove ? 'remove' : 'set'}
            ariaControls="limits"
            onChange={({ detail }) => setRemove(detail.value === 'remove')}
            items={[
              { value: 'set', label: 'Set a limit' },
              { value: 'remove', label: 'Remove the limit', description: 'The next wider one applies then.' },
            ]}
          />
          {!remove && (
            <div id="limits">
              <SpaceBetween size="s" direction="horizontal">
                <FormField label="Requests per second" errorText={of('rate')} description="Empty leaves it as it is.">
                  <Input
                    value={rate}
                    ariaLabel="Requests per second"
                    inputMode="decimal"
                    onChange={({ detail }) => setRate(detail.value)}
                  />
                </FormField>
                <FormField label="Burst, requests" errorText={of('burst')} description="Empty leaves it as it is.">
                  <Input value={burst} ariaLabel="Burst" inputMode="numeric" onChange={({ detail }) => setBurst(detail.value)} />
                </FormField>
              </SpaceBetween>
            </div>
          )}
          <Box variant="small" color="text-body-secondary">
            Nothing is changed yet: the next step shows what would be, and asks.
          </Box>
        </SpaceBetween>
      </form>
    </Modal>
  );
}
