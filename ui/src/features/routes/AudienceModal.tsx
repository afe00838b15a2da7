import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { Audience, Route } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';

const AUDIENCES: Audience[] = ['public', 'customer', 'checkout', 'partner', 'webhook', 'admin', 'internal', 'unclassified'];

/** A person says whose the route is, with a reason, or takes that back. */
export function AudienceModal({ route, close }: { route: Route; close: () => void }) {
  const invalidate = useInvalidate();
  const [audience, setAudience] = useState<Audience>(route.audience.audience);
  const [reason, setReason] = useState('');
  const set = useMutation({
    mutationFn: (chosen: Audience | null) => host.call('audience_override_set', { routeId: route.id, audience: chosen, reason }),
    onSuccess: async () => {
      await invalidate();
      close();
    },
  });
  const missing = set.isError && reason.trim() === '';
  return (
    <Modal
      visible
      header="Whose is this route?"
      onDismiss={close}
      closeAriaLabel="Close"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {route.audience.source === 'override' && <Button onClick={() => set.mutate(null)}>Take my word back</Button>}
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" loading={set.isPending} onClick={() => set.mutate(audience)}>
              Set
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {set.error && !missing && <ErrorAlert error={set.error} />}
        <FormField label="Audience" description="Kept on this machine. Nothing changes in AWS.">
          <Select
            selectedOption={{ value: audience, label: audience }}
            options={AUDIENCES.map(value => ({ value, label: value }))}
            onChange={({ detail }) => setAudience(detail.selectedOption.value as Audience)}
          />
        </FormField>
        <FormField label="Why" errorText={missing ? 'Say why: the reason is shown to whoever reviews this route.' : ''}>
          <Textarea value={reason} rows={3} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
