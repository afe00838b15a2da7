import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import type { JournalState } from '../../api/bindings';

/** How a change stands, in words and colour. */
export const STATES: Record<JournalState, { text: string; type: StatusIndicatorProps.Type }> = {
  applied: { text: 'Applied', type: 'success' },
  undone: { text: 'Undone', type: 'stopped' },
  'rolled-back': { text: 'Taken back', type: 'stopped' },
  partial: { text: 'Partly done', type: 'error' },
  conflict: { text: 'Conflict', type: 'warning' },
  refused: { text: 'Refused', type: 'stopped' },
  mismatch: { text: 'Not as planned', type: 'error' },
  running: { text: 'Under way', type: 'in-progress' },
  unfinished: { text: 'Interrupted', type: 'warning' },
  note: { text: 'Note', type: 'info' },
};

export function StateWords({ state }: { state: JournalState }) {
  return <StatusIndicator type={STATES[state].type}>{STATES[state].text}</StatusIndicator>;
}
