import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useMutation } from '@tanstack/react-query';

import type { ContextAccess, OpenContext } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';

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
