import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { CanaryLine, Plan } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { ErrorAlert } from '../../shared/states';
import { stageOf } from './states';

interface Props {
  line: CanaryLine;
  onPlan: (plan: Plan) => void;
}

/** Another share of the requests. */
function Share({ line, onPlan }: Props) {
  const [percent, setPercent] = useState(String(line.release.percent));
  const set = useMutation({ mutationFn: () => host.call('canary_set', { stage: stageOf(line), percent }), onSuccess: onPlan });
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs" alignItems="end">
        <FormField label="Share, percent">
          <Input
            value={percent}
            ariaLabel="Share of the requests"
            inputMode="decimal"
            onChange={({ detail }) => setPercent(detail.value)}
          />
        </FormField>
        <Button loading={set.isPending} onClick={() => set.mutate()}>
          Change the share
        </Button>
      </SpaceBetween>
      {set.error && <ErrorAlert error={set.error} />}
    </SpaceBetween>
  );
}

/** The candidate becomes the stage's deployment; a breached one only for a reason that is written down. */
function Promote({ line, onPlan }: Props) {
  const [remove, setRemove] = useState(true);
  const [why, setWhy] = useState('');
  const promote = useMutation({
    mutationFn: (overrideReason: string | null) =>
      host.call('canary_promote', { stage: stageOf(line), removeCanary: remove, overrideReason }),
    onSuccess: onPlan,
  });
  const breached = promote.error !== null && asWireError(promote.error).code === 'canary-breached';
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Button loading={promote.isPending} onClick={() => promote.mutate(null)}>
          Promote
        </Button>
        <Checkbox checked={remove} onChange={({ detail }) => setRemove(detail.checked)}>
          and remove the canary
        </Checkbox>
      </SpaceBetween>
      {promote.error && <ErrorAlert error={promote.error} />}
      {breached && (
        <SpaceBetween size="xs">
          <FormField label="Why it is promoted all the same" description="Kept in the journal with the plan.">
            <Textarea value={why} rows={2} ariaLabel="Why it is promoted all the same" onChange={({ detail }) => setWhy(detail.value)} />
          </FormField>
          <Button disabled={why.trim() === ''} loading={promote.isPending} onClick={() => promote.mutate(why)}>
            Promote all the same
          </Button>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

/** What can be done with a canary, but rolling it back, which stands above everything. */
export function RunCanary({ line, onPlan }: Props) {
  const end = useMutation({
    mutationFn: () => host.call('canary_promote', { stage: stageOf(line), removeCanary: true, overrideReason: null }),
    onSuccess: onPlan,
  });
  if (line.release.state === 'promoted')
    return (
      <SpaceBetween size="xs">
        <Button variant="primary" loading={end.isPending} onClick={() => end.mutate()}>
          Remove the canary
        </Button>
        {end.error && <ErrorAlert error={end.error} />}
        <Box variant="small" color="text-body-secondary">
          Ends the release. The stage goes on serving what it serves.
        </Box>
      </SpaceBetween>
    );
  return (
    <SpaceBetween size="m">
      <Share line={line} onPlan={onPlan} />
      <Promote line={line} onPlan={onPlan} />
    </SpaceBetween>
  );
}
