import Badge from '@cloudscape-design/components/badge';
import type { BadgeProps } from '@cloudscape-design/components/badge';
import StatusIndicator from '@cloudscape-design/components/status-indicator';

import type { Finding, Severity } from '../../api/bindings';

export const SEVERITY_WORDS: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Info',
};

const COLOURS: Record<Severity, BadgeProps['color']> = {
  critical: 'severity-critical',
  high: 'severity-high',
  medium: 'severity-medium',
  low: 'severity-low',
  informational: 'severity-neutral',
};

/** How bad, in colour and in words. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  return <Badge color={COLOURS[severity]}>{SEVERITY_WORDS[severity]}</Badge>;
}

/** What a person should notice about a finding besides how bad it is. */
export function StateMark({ finding }: { finding: Finding }) {
  if (finding.verdict === 'unknown') return <StatusIndicator type="pending">Not known</StatusIndicator>;
  if (finding.verdict === 'pass') return <StatusIndicator type="success">Passes</StatusIndicator>;
  if (finding.exception && !finding.exceptionExpired)
    return <StatusIndicator type="stopped">Accepted until {finding.exception.expires}</StatusIndicator>;
  if (finding.exception) return <StatusIndicator type="warning">Exception over since {finding.exception.expires}</StatusIndicator>;
  if (finding.novelty === 'new') return <StatusIndicator type="info">New</StatusIndicator>;
  if (finding.novelty === 'returned') return <StatusIndicator type="warning">Back again</StatusIndicator>;
  return <span>–</span>;
}

/** API and stage, or the account. */
export function placeOf(finding: Finding): string {
  return [finding.apiName, finding.stage].filter(Boolean).join(' ') || `${finding.account} ${finding.region}`;
}

/** How many routes it concerns beyond the one that is named. */
export function othersOf(finding: Finding): string {
  const count = finding.route?.count ?? 0;
  return count > 1 ? `${count} routes` : '';
}
