import StatusIndicator from '@cloudscape-design/components/status-indicator';

import type { ChangeEvent } from '../../api/bindings';

/** How a call came out, in words and colour. */
export function EventOutcomeWords({ event }: { event: ChangeEvent }) {
  if (event.outcome === 'succeeded') return <StatusIndicator type="success">Done</StatusIndicator>;
  if (event.outcome === 'denied') return <StatusIndicator type="stopped">Denied</StatusIndicator>;
  return <StatusIndicator type="error">Refused</StatusIndicator>;
}
