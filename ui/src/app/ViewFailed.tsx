import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useNavigate } from '@tanstack/react-router';

import { EmptyState, ErrorAlert } from '../shared/states';

/** A view that failed while it was drawn: the frame around it stays, and says what happened. */
export function ViewFailed({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Box padding="l">
      <ErrorAlert error={error} retry={reset} />
    </Box>
  );
}

/** An address that leads to no view. */
export function NoSuchView() {
  const navigate = useNavigate();
  return (
    <EmptyState title="There is no such view" action={<Button onClick={() => void navigate({ to: '/routes' })}>Go to the routes</Button>}>
      The address may come from another version of Portcullis.
    </EmptyState>
  );
}
