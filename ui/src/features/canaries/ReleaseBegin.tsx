import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { CanaryCriteria, ReleaseMode, ReleaseTerms, StageName } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { Protected, ReadOnly } from '../changes/PlanDialog';
import { MODES } from './words';

/** `5:10, 25:10`: shares with minutes. */
function stepsText(terms: ReleaseTerms): string {
  return terms.steps.map(step => `${step.percent}:${step.minutes}`).join(', ');
}

/** Reads what a person typed; a share without minutes takes ten. */
export function readSteps(text: string): ReleaseTerms['steps'] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
    .map(part => {
      const [percent, minutes] = part.split(':');
      // What is no number goes to the operation as a share that is refused by name.
      return { percent: Number(percent?.replace('%', '')) || 0, minutes: minutes === undefined ? 10 : Math.round(Number(minutes)) || 0 };
    });
}

const NUMBERS: { name: keyof CanaryCriteria; label: string; description: string; optional?: true }[] = [
  { name: 'minutes', label: 'Watch for, minutes', description: 'Without steps.' },
  { name: 'leastRequests', label: 'Fewest requests', description: 'Below them there is no verdict.' },
  { name: 'serverErrorsCeiling', label: 'Ceiling of 5XX, percent', description: 'Whatever the baseline has.' },
  { name: 'clientErrorsCeiling', label: 'Ceiling of 4XX, percent', description: 'Empty: only compared.', optional: true },
  { name: 'latencyCeiling', label: 'Ceiling of p99, ms', description: 'Empty: only compared.', optional: true },
  { name: 'margin', label: 'Margin, percentage points', description: 'Smaller differences do not matter.' },
  { name: 'latencyRatio', label: 'Latency, times the stage’s', description: 'For p90 and p99.' },
  { name: 'falseAlarms', label: 'False alarms, percent', description: 'Of healthy releases, at most.' },
];

function Criteria({ criteria, onChange }: { criteria: CanaryCriteria; onChange: (criteria: CanaryCriteria) => void }) {
  return (
    <ColumnLayout columns={2} minColumnWidth={180}>
      {NUMBERS.map(({ name, label, description, optional }) => (
        <FormField key={name} label={label} description={description}>
          <Input
            value={criteria[name] === undefined || criteria[name] === null ? '' : String(criteria[name])}
            ariaLabel={label}
            type="number"
            inputMode="decimal"
            onChange={({ detail }) => {
              const value = detail.value === '' ? (optional ? null : 0) : Number(detail.value);
              onChange({ ...criteria, [name]: value });
            }}
          />
        </FormField>
      ))}
    </ColumnLayout>
  );
}

/** Puts the canary under watch: terms, and a person's word for what the console may do by itself. */
export function ReleaseBegin({ stage }: { stage: StageName }) {
  const invalidate = useInvalidate();
  const templates = useOperation('canary_template_list', {});
  const contexts = useOperation('context_list', {});
  const [template, setTemplate] = useState('watch');
  const [changed, setChanged] = useState<ReleaseTerms | null>(null);
  const [steps, setSteps] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [confirmed, setConfirmed] = useState(false);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const list = templates.data?.templates ?? [];
  const base = changed ?? list.find(one => one.name === template)?.terms ?? list[0]?.terms;
  const terms = base && { ...base, steps: steps === null ? base.steps : readSteps(steps) };
  const context = contexts.data?.open.find(open => open.label === stage.context);
  const acts = terms !== undefined && (terms.mode === 'automatic' || terms.steps.length > 0);
  const readOnly = acts && context?.access.mode === 'read-only';
  const guarded = acts && context?.access.protected ? [context] : [];
  const unnamed = guarded.some(one => typed[one.label] !== one.label);
  const begin = useMutation({
    mutationFn: () =>
      host.call('canary_release_begin', {
        stage,
        terms: terms ?? null,
        template: changed || steps !== null ? null : template,
        reason: '',
        confirmed,
        typed: Object.values(typed),
      }),
    onSuccess: invalidate,
  });
  const keep = useMutation({
    mutationFn: () => host.call('canary_template_save', { name, terms: terms ?? null }),
    onSuccess: async () => {
      await invalidate();
      setTemplate(name.trim());
      setChanged(null);
      setSteps(null);
      setName('');
    },
  });
  if (templates.error) return <ErrorAlert error={templates.error} retry={() => void templates.refetch()} />;
  if (!terms || !base) return null;
  const shown = list.find(one => one.name === template);
  return (
    <div data-testid="release-begin">
      <Container header={<Header variant="h3">Put it under watch</Header>}>
        <SpaceBetween size="s">
          <FormField label="Template" description={changed || steps !== null ? 'Changed.' : shown?.words}>
            <Select
              selectedOption={{ value: template, label: visible(template) }}
              ariaLabel="Template"
              options={list.map(one => ({
                value: one.name,
                label: visible(one.name),
                description: one.words,
                ...(one.builtIn ? { tags: ['built in'] } : {}),
              }))}
              onChange={({ detail }) => {
                setTemplate(detail.selectedOption.value ?? 'watch');
                setChanged(null);
                setSteps(null);
                setConfirmed(false);
              }}
            />
          </FormField>
          <FormField label="When the candidate is breached">
            <RadioGroup
              value={terms.mode}
              ariaLabel="When the candidate is breached"
              items={(Object.keys(MODES) as ReleaseMode[]).map(mode => ({
                value: mode,
                label: MODES[mode].text,
                description: MODES[mode].description,
              }))}
              onChange={({ detail }) => {
                setChanged({ ...terms, mode: detail.value as ReleaseMode });
                setConfirmed(false);
              }}
            />
          </FormField>
          <FormField label="Steps" description="Percent:minutes, widened only while the candidate is healthy. Empty: nothing is widened.">
            <Input
              value={steps ?? stepsText(base)}
              ariaLabel="Steps"
              placeholder="5:10, 10:10, 25:10, 50:10"
              onChange={({ detail }) => {
                setSteps(detail.value);
                setConfirmed(false);
              }}
            />
          </FormField>
          <ExpandableSection headerText="What the candidate is held to">
            <SpaceBetween size="s">
              <Criteria criteria={terms.criteria} onChange={criteria => setChanged({ ...terms, criteria })} />
              <SpaceBetween direction="horizontal" size="xs" alignItems="end">
                <FormField label="Keep these terms as">
                  <Input value={name} ariaLabel="Keep these terms as" onChange={({ detail }) => setName(detail.value)} />
                </FormField>
                <Button disabled={name.trim() === ''} loading={keep.isPending} onClick={() => keep.mutate()}>
                  Save template
                </Button>
              </SpaceBetween>
              {keep.error && <ErrorAlert error={keep.error} />}
            </SpaceBetween>
          </ExpandableSection>
          {readOnly && context && <ReadOnly context={context} />}
          {acts && !readOnly && (
            <>
              <Alert type="warning" header="The console will change the stage by itself">
                {terms.mode === 'automatic' && <div>It removes the canary when the candidate is breached.</div>}
                {terms.steps.length > 0 && (
                  <div>
                    It widens the share while the candidate is healthy:{' '}
                    {terms.steps.map(step => `${step.percent} % for ${step.minutes} min`).join(', ')}.
                  </div>
                )}
                <div>It promotes nothing. What it does is in the journal, and so is this confirmation.</div>
              </Alert>
              <Protected contexts={guarded} typed={typed} onTyped={setTyped} />
              <Checkbox checked={confirmed} onChange={({ detail }) => setConfirmed(detail.checked)}>
                I want exactly this
              </Checkbox>
            </>
          )}
          {begin.error && <ErrorAlert error={begin.error} />}
          <Box>
            <Button
              variant="primary"
              loading={begin.isPending}
              disabled={Boolean(readOnly) || (acts && (!confirmed || unnamed))}
              onClick={() => begin.mutate()}
              data-testid="begin-release"
            >
              Begin the watch
            </Button>
          </Box>
        </SpaceBetween>
      </Container>
    </div>
  );
}
