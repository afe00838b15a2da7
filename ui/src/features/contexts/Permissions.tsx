import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { useAttempt } from '../../shared/attempt';
import { ErrorAlert } from '../../shared/states';

const ROLES = [
  { value: 'read-only', label: 'Read-only', description: 'See everything, change nothing' },
  { value: 'support', label: 'Support', description: 'Look things up, extend a quota, move a tenant' },
  { value: 'operator', label: 'Operator', description: 'Everything that this console can do' },
];

function Policy() {
  const frame = useFrame();
  const attempt = useAttempt();
  const [role, setRole] = useState('read-only');
  const [exact, setExact] = useState(true);
  const policy = useOperation('iam_policy', { roles: [role], regions: [], openContexts: exact });
  const text = policy.data?.document ?? '';
  return (
    <SpaceBetween size="s">
      <FormField label="Role">
        <Select
          ariaLabel="Role"
          selectedOption={ROLES.find(one => one.value === role) ?? null}
          options={ROLES}
          onChange={({ detail }) => setRole(detail.selectedOption.value ?? 'read-only')}
        />
      </FormField>
      <Checkbox checked={exact} onChange={({ detail }) => setExact(detail.checked)}>
        Name the accounts, regions and APIs of the open contexts
      </Checkbox>
      {policy.error && <ErrorAlert error={policy.error} />}
      {policy.data && (
        <div data-testid="policy">
          <ul>
            {policy.data.notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
          <Button iconName="copy" onClick={() => attempt(() => host.copyText(text).then(() => frame.notify('success', 'Copied.')))}>
            Copy the policy
          </Button>
          <Box variant="pre">{text}</Box>
        </div>
      )}
    </SpaceBetween>
  );
}

/** The least-privilege IAM policy of a role. */
export function Permissions() {
  const [open, setOpen] = useState(false);
  return (
    <ExpandableSection headerText="IAM permissions" expanded={open} onChange={({ detail }) => setOpen(detail.expanded)}>
      {open && <Policy />}
    </ExpandableSection>
  );
}
