import Button from '@cloudscape-design/components/button';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { ContextAccess, OpenContext } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { useInvalidate } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';

/** Where a context's configuration changes come from. */
function EventSource({ context }: { context: OpenContext }) {
  const invalidate = useInvalidate();
  const chosen = context.eventDataStore ?? '';
  const [store, setStore] = useState(chosen);
  const set = useMutation({
    mutationFn: () => host.call('event_source_set', { context: context.label, eventDataStore: store.trim() || null }),
    onSuccess: invalidate,
  });
  return (
    <FormField
      label="Changes from CloudTrail Lake"
      description="ARN or id of an event data store, which may hold every account and region; empty for the event history of this account."
      errorText={set.error ? asWireError(set.error).message : undefined}
      secondaryControl={
        <Button disabled={store.trim() === chosen} loading={set.isPending} onClick={() => set.mutate()}>
          {store.trim() === '' && chosen !== '' ? 'Use the event history' : 'Use it'}
        </Button>
      }
    >
      <Input
        value={store}
        placeholder="arn:aws:cloudtrail:…:eventdatastore/…"
        ariaLabel={`Event data store of ${visible(context.label)}`}
        onChange={({ detail }) => setStore(detail.value)}
      />
    </FormField>
  );
}

/** What may be done in a context. Said here, checked in Rust. */
function Access({ context }: { context: OpenContext }) {
  const invalidate = useInvalidate();
  const set = useMutation({
    mutationFn: (access: ContextAccess) => host.call('context_access_set', { context: context.label, access }),
    onSuccess: invalidate,
  });
  const { access } = context;
  return (
    <div>
      <Box variant="h4">
        <Foreign text={context.label} />
      </Box>
      <SpaceBetween size="xxs">
        <Toggle
          checked={access.mode === 'operator'}
          disabled={set.isPending}
          ariaLabel={`Allow changes in ${visible(context.label)}`}
          onChange={({ detail }) => set.mutate({ ...access, mode: detail.checked ? 'operator' : 'read-only' })}
        >
          May be changed
        </Toggle>
        <Toggle
          checked={access.protected}
          disabled={set.isPending}
          ariaLabel={`Protect ${visible(context.label)}`}
          description="Its name has to be typed before anything is changed."
          onChange={({ detail }) => set.mutate({ ...access, protected: detail.checked })}
        >
          Protected
        </Toggle>
        {set.error && <ErrorAlert error={set.error} />}
        <EventSource context={context} />
      </SpaceBetween>
    </div>
  );
}

export function AccessSettings({ open }: { open: OpenContext[] }) {
  return (
    <SpaceBetween size="s">
      {open.map(context => (
        <Access key={context.label} context={context} />
      ))}
    </SpaceBetween>
  );
}
