import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import type { LastUse, RotationStage, RotationState } from '../../api/bindings';

/** Where a rotation stands, in words and with a sign that is not only a colour; what needs a person first. */
export const ROTATION_STATES: Record<RotationState, { type: StatusIndicatorProps.Type; text: string }> = {
  broken: { type: 'error', text: 'Needs attention' },
  unknown: { type: 'pending', text: 'Not read' },
  attach: { type: 'warning', text: 'Misses plans' },
  'ready-to-disable': { type: 'info', text: 'Old key can be disabled' },
  'ready-to-delete': { type: 'info', text: 'Old key can be deleted' },
  overlap: { type: 'in-progress', text: 'Both keys work' },
  waiting: { type: 'in-progress', text: 'Old key disabled' },
  'not-started': { type: 'stopped', text: 'No rotation' },
};

export const STAGES: Record<RotationStage, string> = {
  start: 'Begin rotation',
  attach: 'Put into missing plans',
  disable: 'Disable the old key',
  settle: 'Settle the quotas',
  enable: 'Enable the old key again',
  'enable-new': 'Enable the new key',
  delete: 'Delete the old key',
  abandon: 'Delete the new key',
};

export function RotationWords({ state }: { state: RotationState }) {
  return <StatusIndicator type={ROTATION_STATES[state].type}>{ROTATION_STATES[state].text}</StatusIndicator>;
}

/** When a key was last used; what is not known is not told as no use. */
export function lastUse(use: LastUse): string {
  switch (use.kind) {
    case 'day':
      return use.day;
    case 'never':
      return 'not in 35 days';
    case 'no-plan':
      return 'in no plan';
    case 'unknown':
      return 'not known';
  }
}
