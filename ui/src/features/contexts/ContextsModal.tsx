import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import Multiselect from '@cloudscape-design/components/multiselect';
import type { MultiselectProps } from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { CheckOutcome, ContextList, ContextSpec, CredentialSource, DiagnosisCheck } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { AccessSettings } from './AccessSettings';
import { Permissions } from './Permissions';

const STATUS: Record<CheckOutcome, 'success' | 'warning' | 'error'> = { ok: 'success', warning: 'warning', problem: 'error' };

function Diagnosis() {
  const diagnosis = useMutation({ mutationFn: () => host.call('context_diagnose', {}) });
  return (
    <SpaceBetween size="s">
      <Button loading={diagnosis.isPending} onClick={() => diagnosis.mutate()}>
        Diagnose open contexts
      </Button>
      {diagnosis.error && <ErrorAlert error={diagnosis.error} />}
      {diagnosis.data && <Checks title="This machine" checks={diagnosis.data.machine} />}
      {diagnosis.data?.contexts.map(context => (
        <Checks key={context.context} title={context.context} checks={context.checks} />
      ))}
    </SpaceBetween>
  );
}

function Checks({ title, checks }: { title: string; checks: DiagnosisCheck[] }) {
  return (
    <div>
      <Box variant="h4">
        <Foreign text={title} />
      </Box>
      {checks.map(check => (
        <div key={`${check.subject} ${check.finding}`}>
          <StatusIndicator type={STATUS[check.outcome]}>
            {check.subject}: <Foreign text={check.finding} />
          </StatusIndicator>
          {check.remedy && (
            <Box margin={{ left: 'l' }}>
              <Foreign text={check.remedy} />
            </Box>
          )}
          {check.requestId && (
            <Box margin={{ left: 'l' }} variant="small" display="block">
              AWS request id <Foreign text={check.requestId} />
            </Box>
          )}
        </div>
      ))}
    </div>
  );
}

function sameSource(one: CredentialSource, other: CredentialSource): boolean {
  if (one.kind === 'profile' && other.kind === 'profile') return one.name === other.name;
  return one.kind === other.kind;
}

/** Profiles times regions, the default chain, the demo account. */
export function ContextsModal({ list, close }: { list: ContextList; close: () => void }) {
  const invalidate = useInvalidate();
  const isOpen = (kind: CredentialSource['kind']) => list.open.some(context => context.spec.source.kind === kind);
  const [demo, setDemo] = useState(isOpen('demo'));
  const [chain, setChain] = useState(isOpen('defaultChain'));
  const options = list.profiles.map(profile => ({
    value: profile.name,
    label: profile.name,
    description: profile.kind,
    labelTag: profile.region ?? '',
  }));
  const openProfiles = list.open.flatMap(context => (context.spec.source.kind === 'profile' ? [context.spec.source.name] : []));
  const [profiles, setProfiles] = useState<readonly MultiselectProps.Option[]>(
    options.filter(option => openProfiles.includes(option.value)),
  );
  const openRegions = new Set(list.open.flatMap(context => (context.spec.region ? [context.spec.region] : [])));
  const regionOptions = list.regions.map(region => ({ value: region, label: region }));
  const [regions, setRegions] = useState<readonly MultiselectProps.Option[]>(regionOptions.filter(option => openRegions.has(option.value)));

  const select = useMutation({
    mutationFn: (contexts: ContextSpec[]) => host.call('context_select', { contexts }),
    onSuccess: async () => {
      await invalidate();
      close();
    },
  });
  const chosen = (): ContextSpec[] => {
    const sources: CredentialSource[] = [
      ...(demo ? [{ kind: 'demo' as const }] : []),
      ...(chain ? [{ kind: 'defaultChain' as const }] : []),
      ...profiles.flatMap(profile => (profile.value ? [{ kind: 'profile' as const, name: profile.value }] : [])),
    ];
    const places = regions.length > 0 ? regions.map(region => region.value ?? null) : [null];
    return sources.flatMap((source): ContextSpec[] => {
      // An endpoint came from a flag or the environment; choosing again must not silently lead to AWS itself.
      const endpointUrl = list.open.find(context => sameSource(context.spec.source, source))?.spec.endpointUrl ?? null;
      return source.kind === 'demo' ? [{ source, endpointUrl }] : places.map(region => ({ source, region, endpointUrl }));
    });
  };

  return (
    <Modal
      visible
      size="large"
      header="Contexts"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" loading={select.isPending} onClick={() => select.mutate(chosen())}>
              Open
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="l">
        {select.error && <ErrorAlert error={select.error} />}
        <FormField label="Profiles" description="From the AWS configuration. A chosen profile wins over keys in the environment.">
          <Multiselect
            options={options}
            selectedOptions={profiles}
            onChange={({ detail }) => setProfiles(detail.selectedOptions)}
            filteringType="auto"
            placeholder={options.length === 0 ? 'No profiles were found' : 'Choose profiles'}
            empty="No profiles were found"
          />
        </FormField>
        <FormField label="Regions" description="None: each profile's own.">
          <Multiselect
            options={regionOptions}
            selectedOptions={regions}
            onChange={({ detail }) => setRegions(detail.selectedOptions)}
            filteringType="auto"
            placeholder="Choose regions"
          />
        </FormField>
        <Checkbox
          checked={chain}
          onChange={({ detail }) => setChain(detail.checked)}
          description="Environment, AWS_PROFILE or default, web identity, container"
        >
          AWS's default chain
        </Checkbox>
        <Checkbox
          checked={demo}
          onChange={({ detail }) => setDemo(detail.checked)}
          description="A shop and a clinic network, in this process; no AWS account"
        >
          The demo account
        </Checkbox>
        {list.open.length > 0 && <AccessSettings open={list.open} />}
        {list.open.length > 0 && <Diagnosis />}
        {list.open.length > 0 && <Permissions />}
      </SpaceBetween>
    </Modal>
  );
}
