import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { CanaryLine, Plan } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { Difference } from './Difference';
import { stageOf } from './states';

interface Variable {
  name: string;
  value: string;
}

/** Why a share cannot be meant, or nothing. The operation judges it again. */
function mistakeOf(percent: string): string {
  const number = Number(percent.trim().replace(/%$/, ''));
  return percent.trim() !== '' && number >= 0 && number <= 100 ? '' : 'A number from 0 to 100';
}

/** Candidate, share, overrides and cache of a new canary, what it would change, and then the plan. */
export function StartCanary({ line, onPlan }: { line: CanaryLine; onPlan: (plan: Plan, deploymentId: string | null) => void }) {
  const stage = stageOf(line);
  const [percent, setPercent] = useState('10');
  const [from, setFrom] = useState<'draft' | 'deployment'>('draft');
  const [deployment, setDeployment] = useState<string | null>(null);
  const [description, setDescription] = useState('');
  const [variables, setVariables] = useState<Variable[]>([]);
  const [cache, setCache] = useState(false);
  const deployments = useOperation('deployment_list', { stage }, from === 'deployment');
  const candidate = from === 'draft' ? null : deployment;
  const make = useMutation({
    mutationFn: () =>
      host.call('canary_start', {
        stage,
        percent,
        deploymentId: candidate,
        description: from === 'draft' ? description.trim() || null : null,
        overrides: Object.fromEntries(variables.filter(one => one.name.trim() !== '').map(one => [one.name.trim(), one.value])),
        useStageCache: cache,
      }),
    onSuccess: plan => onPlan(plan, candidate),
  });
  const mistake = mistakeOf(percent);
  const options = (deployments.data?.items ?? []).map(one => ({
    value: one.id,
    label: one.id,
    labelTag: one.current ? 'serves the stage' : one.stages.join(', '),
    description: [momentOf(one.created), one.description ? visible(one.description) : ''].filter(text => text !== '').join(': '),
    disabled: one.current,
  }));
  return (
    <SpaceBetween size="m">
      <Box variant="h4">Start a canary</Box>
      <FormField label="Candidate">
        <RadioGroup
          ariaLabel="Candidate"
          value={from}
          onChange={({ detail }) => setFrom(detail.value === 'draft' ? 'draft' : 'deployment')}
          items={[
            { value: 'draft', label: 'A new deployment of the draft', description: 'What the API defines now is deployed to the canary.' },
            { value: 'deployment', label: 'A deployment that exists' },
          ]}
        />
      </FormField>
      {from === 'deployment' && (
        <FormField label="Deployment" errorText={deployments.error ? 'The deployments could not be read.' : ''}>
          <Select
            ariaLabel="Deployment"
            placeholder="Choose a deployment"
            filteringType="auto"
            statusType={deployments.isPending ? 'loading' : 'finished'}
            loadingText="Reading deployments"
            empty="The API has no deployments"
            triggerVariant="option"
            selectedOption={options.find(option => option.value === deployment) ?? null}
            options={options}
            onChange={({ detail }) => setDeployment(detail.selectedOption.value ?? null)}
          />
        </FormField>
      )}
      {from === 'draft' && (
        <FormField label="Description of the new deployment" description="Names it in the list of deployments.">
          <Input value={description} ariaLabel="Description" onChange={({ detail }) => setDescription(detail.value)} />
        </FormField>
      )}
      <FormField
        label="Share of the requests, percent"
        description="Each request is drawn by itself: one visitor can meet both versions."
        errorText={mistake}
      >
        <Input value={percent} ariaLabel="Share of the requests" inputMode="decimal" onChange={({ detail }) => setPercent(detail.value)} />
      </FormField>
      <FormField label="Stage variables that differ for the candidate" stretch>
        <AttributeEditor
          items={variables}
          addButtonText="Add a variable"
          removeButtonText="Remove"
          empty="The candidate gets the stage's variables."
          onAddButtonClick={() => setVariables([...variables, { name: '', value: '' }])}
          onRemoveButtonClick={({ detail }) => setVariables(variables.filter((_, at) => at !== detail.itemIndex))}
          definition={[
            {
              label: 'Name',
              control: (item, at) => (
                <Input
                  value={item.name}
                  ariaLabel={`Name of variable ${at + 1}`}
                  onChange={({ detail }) => setVariables(variables.with(at, { ...item, name: detail.value }))}
                />
              ),
            },
            {
              label: 'Value',
              control: (item, at) => (
                <Input
                  value={item.value}
                  ariaLabel={`Value of variable ${at + 1}`}
                  onChange={({ detail }) => setVariables(variables.with(at, { ...item, value: detail.value }))}
                />
              ),
            },
          ]}
        />
      </FormField>
      <Checkbox checked={cache} onChange={({ detail }) => setCache(detail.checked)}>
        The candidate uses the stage&apos;s cache
      </Checkbox>
      {(from === 'draft' || deployment !== null) && <Difference stage={stage} deploymentId={candidate} />}
      {make.error && <ErrorAlert error={make.error} />}
      <Button
        variant="primary"
        disabled={mistake !== '' || (from === 'deployment' && deployment === null)}
        loading={make.isPending}
        onClick={() => make.mutate()}
      >
        Review the plan
      </Button>
    </SpaceBetween>
  );
}
