import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import type { CanaryLine, CanaryState, StageName } from '../../api/bindings';

const STATES: Record<CanaryState, { text: string; type: StatusIndicatorProps.Type }> = {
  breached: { text: 'Breached', type: 'error' },
  stale: { text: 'Stale', type: 'warning' },
  promoted: { text: 'Promoted, still attached', type: 'warning' },
  attached: { text: 'Attached, same deployment', type: 'info' },
  running: { text: 'Running', type: 'in-progress' },
  analysing: { text: 'Analysing', type: 'loading' },
  none: { text: 'No canary', type: 'stopped' },
};

/** What a stage's canary is doing, in words and colour. */
export function CanaryStateWords({ line }: { line: CanaryLine }) {
  if (line.apiKind !== 'REST') return <StatusIndicator type="not-started">{`${KINDS[line.apiKind]} API`}</StatusIndicator>;
  const { text, type } = STATES[line.release.state];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}

export const KINDS: Record<CanaryLine['apiKind'], string> = { REST: 'REST', HTTP: 'HTTP', WEBSOCKET: 'WebSocket' };

/** The stage of a line, as operations name it. */
export function stageOf(line: CanaryLine): StageName {
  return { context: line.context, apiId: line.apiId, stage: line.stage };
}

/** Whether there is a canary to take back. */
export function isAttached(line: CanaryLine): boolean {
  return line.release.state !== 'none';
}
