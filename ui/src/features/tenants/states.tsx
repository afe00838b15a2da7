import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import type { Quota, QuotaState } from '../../api/bindings';

/** How a key stands, in words and with a sign that is not only a colour; worst first. */
export const QUOTA_STATES: Record<QuotaState, { type: StatusIndicatorProps.Type; text: string }> = {
  over: { type: 'error', text: 'Over' },
  at90: { type: 'warning', text: '90 %' },
  at75: { type: 'warning', text: '75 %' },
  fine: { type: 'success', text: 'Fine' },
  'no-quota': { type: 'info', text: 'No quota' },
  unknown: { type: 'pending', text: 'Not read' },
  'no-plan': { type: 'info', text: 'In no plan' },
  unused: { type: 'stopped', text: 'Not used' },
  disabled: { type: 'stopped', text: 'Disabled' },
};

export function QuotaWords({ state }: { state: QuotaState }) {
  return <StatusIndicator type={QUOTA_STATES[state].type}>{QUOTA_STATES[state].text}</StatusIndicator>;
}

const NUMBER = new Intl.NumberFormat('en-GB');

/** Requests as a person reads them; a dash where there is no number. */
export function count(number: number | null | undefined): string {
  return typeof number === 'number' ? NUMBER.format(Math.round(number)) : '–';
}

/** What a plan allows each key, as a person reads it; an offset takes off the first period alone. */
export function quotaWords(quota: Quota | null | undefined): string {
  if (!quota) return 'none';
  const period = quota.period.toLowerCase();
  const less = quota.offset > 0 ? `, ${count(quota.offset)} less in a key's first ${period}` : '';
  return `${count(quota.limit)} per ${period}${less}`;
}
