import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import type { Plan, TouchedRoute } from '../../api/bindings';
import { visible } from '../../shared/text';
import { Replay } from './Replay';

interface Props {
  plan: Plan;
  /** As it was typed; empty leaves a half as it is. */
  rate: string;
  burst: string;
}

function requests(route: TouchedRoute): string {
  return typeof route.requestsLastDay === 'number'
    ? `${route.requestsLastDay.toLocaleString('en')} requests in the last day`
    : 'requests not known';
}

/** What a plan's limit would have done to the routes that it touches, the busiest first. */
export function PlanReplay({ plan, rate, burst }: Props) {
  const busiest = [...plan.routes].sort((one, other) => (other.requestsLastDay ?? -1) - (one.requestsLastDay ?? -1));
  const [chosen, setChosen] = useState(busiest[0]?.routeId);
  if (chosen === undefined || plan.steps.length === 0) return null;
  const ofKeys = plan.targets.some(target => target.kind === 'usagePlan');
  const options = busiest.map(route => ({ value: route.routeId, label: visible(route.label), description: requests(route) }));
  return (
    <SpaceBetween size="xs">
      {options.length > 1 && (
        <FormField label="Route whose requests are replayed" description="The limit holds for each route by itself.">
          <Select
            ariaLabel="Route whose requests are replayed"
            filteringType="auto"
            selectedOption={options.find(option => option.value === chosen) ?? null}
            options={options}
            onChange={({ detail }) => setChosen(detail.selectedOption.value)}
          />
        </FormField>
      )}
      {ofKeys && (
        <Box variant="small" display="block">
          CloudWatch counts the requests of all keys together, and the limit holds for each key: this is what it would do to a key that sent
          all of them.
        </Box>
      )}
      <Replay routeId={chosen} rate={rate.trim() || null} burst={burst.trim() || null} />
    </SpaceBetween>
  );
}
