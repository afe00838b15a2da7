import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import Multiselect from '@cloudscape-design/components/multiselect';
import type { MultiselectProps } from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { Route, Stage, StageName } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';
import { LimitsModal } from './LimitsModal';

/** Which stages get the limits of this one; then the plan. */
function CopyLimits({ from, what, close }: { from: StageName; what: string; close: () => void }) {
  const apis = useOperation('api_list', {});
  const [chosen, setChosen] = useState<readonly MultiselectProps.Option[]>([]);
  const others = (apis.data?.items ?? []).flatMap(item =>
    item.stages
      .map(stage => ({ context: item.context, apiId: item.api.id, stage: stage.name, apiName: item.api.name }))
      .filter(other => other.context !== from.context || other.apiId !== from.apiId || other.stage !== from.stage),
  );
  const options = others.map(other => ({
    value: JSON.stringify({ context: other.context, apiId: other.apiId, stage: other.stage } satisfies StageName),
    label: `${visible(other.apiName)}, ${visible(other.stage)}`,
    description: visible(other.context),
  }));
  const make = useMutation({
    mutationFn: () => host.call('throttle_copy', { from, to: chosen.map(option => JSON.parse(option.value ?? '') as StageName) }),
  });
  if (make.data) return <PlanDialog plan={make.data} close={close} />;
  return (
    <Modal
      visible
      header={`Copy the limits of ${visible(what)}`}
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" disabled={chosen.length === 0} loading={make.isPending} onClick={() => make.mutate()}>
              Review the plan
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {make.error && <ErrorAlert error={make.error} />}
        {apis.error && <ErrorAlert error={apis.error} />}
        <FormField label="To" description="Limits that only the other stage has stay as they are.">
          <Multiselect
            options={options}
            selectedOptions={chosen}
            filteringType="auto"
            placeholder="Choose stages"
            empty="There is no other stage"
            onChange={({ detail }) => setChosen(detail.selectedOptions)}
          />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}

/** The way of a stage's limits to other stages. */
export function CopyStageLimits({ from, what }: { from: StageName; what: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Copy the stage's limits</Button>
      {open && <CopyLimits from={from} what={what} close={() => setOpen(false)} />}
    </>
  );
}

/** The limits of a route's whole stage: its default, and the way to other stages. */
export function StageLimits({ route, stage }: { route: Route; stage: Stage }) {
  const [open, setOpen] = useState(false);
  const name: StageName = { context: route.context, apiId: route.apiId, stage: route.stage };
  const what = `${route.apiName}, ${route.stage}`;
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={() => setOpen(true)}>Change the stage's default</Button>
        <CopyStageLimits from={name} what={what} />
      </SpaceBetween>
      {open && (
        <LimitsModal
          selection={{ kind: 'stage', ...name }}
          what={`the default of ${what}`}
          now={stage.limits['*/*']}
          close={() => setOpen(false)}
        />
      )}
    </>
  );
}
