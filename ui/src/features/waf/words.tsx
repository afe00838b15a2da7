import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import type { CanMatch, CoverVerdict, LoggingState, Rule, RuleEffect, WebAclLine, WebAclState } from '../../api/bindings';

type Words = { type: StatusIndicatorProps.Type; text: string };

/** What a web ACL does, taken together. */
export const STATES: Record<WebAclState, Words> = {
  stops: { type: 'success', text: 'Stops requests' },
  'only-counts': { type: 'warning', text: 'Only counts' },
  empty: { type: 'warning', text: 'Has no rules' },
  unknown: { type: 'pending', text: 'Not known' },
};

/** What a rule really does to what it matches. */
export const EFFECTS: Record<RuleEffect, Words> = {
  allow: { type: 'info', text: 'Allows' },
  block: { type: 'success', text: 'Blocks' },
  count: { type: 'warning', text: 'Only counts' },
  captcha: { type: 'success', text: 'CAPTCHA' },
  challenge: { type: 'success', text: 'Challenges' },
  group: { type: 'success', text: 'Its rules say' },
  'group-counts': { type: 'warning', text: 'Only counts' },
  'group-stops-nothing': { type: 'warning', text: 'Blocks nothing' },
  unknown: { type: 'pending', text: 'Not known' },
};

/** How a route stands. */
export const VERDICTS: Record<CoverVerdict, Words> = {
  blocks: { type: 'success', text: 'Can be stopped' },
  'only-counts': { type: 'warning', text: 'Only counted' },
  'no-rule': { type: 'warning', text: 'No rule matches' },
  'no-web-acl': { type: 'error', text: 'No web ACL' },
  'not-possible': { type: 'stopped', text: 'None possible' },
  unknown: { type: 'pending', text: 'Not known' },
};

/** Whether a rule can match requests to a route. */
export const MEETINGS: Record<CanMatch, Words> = {
  can: { type: 'success', text: 'Can match' },
  cannot: { type: 'stopped', text: 'Cannot match' },
  'cannot-tell': { type: 'pending', text: 'Not known' },
};

export function Status({ of }: { of: Words }) {
  return <StatusIndicator type={of.type}>{of.text}</StatusIndicator>;
}

export function loggedWords(logging: LoggingState): string {
  if (logging.kind === 'unknown') return 'not read';
  return logging.kind === 'off' ? 'no' : 'yes';
}

/** `storefront prod`. */
export function stageWords(line: WebAclLine): string {
  return line.stages.map(stage => `${stage.apiName} ${stage.stage}`).join(', ');
}

const NUMBER = new Intl.NumberFormat('en-GB');

export function number(value: number | null | undefined): string {
  return typeof value === 'number' ? NUMBER.format(value) : '–';
}

/** Whether a rule is switched between blocking and counting here, and to what. */
export function switchOf(rule: Rule): 'block' | 'count' | null {
  if (rule.fromFirewallManager) return null;
  if (rule.effect === 'block' || rule.effect === 'group') return 'count';
  return rule.effect === 'count' || rule.effect === 'group-counts' ? 'block' : null;
}
