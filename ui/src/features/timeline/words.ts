import type { ChangeEvent, EventClient, EventCovered, EventList, EventOutcome, Interval } from '../../api/bindings';
import { momentOf } from '../../shared/moment';

/** With what somebody called AWS. */
export const CLIENTS: Record<EventClient, string> = {
  console: 'AWS console',
  cli: 'aws command',
  terraform: 'Terraform',
  'cloud-formation': 'CloudFormation',
  portcullis: 'Portcullis',
  sdk: 'SDK',
  service: 'AWS service',
  unknown: 'Unknown',
};

export const OUTCOMES: Record<EventOutcome, string> = { succeeded: 'Done', denied: 'Denied', failed: 'Refused' };

export const SOURCES: Record<string, string> = {
  'apigateway.amazonaws.com': 'API Gateway',
  'wafv2.amazonaws.com': 'WAF',
  'monitoring.amazonaws.com': 'CloudWatch alarms',
};

const length = (holes: Interval[]) => holes.reduce((sum, hole) => sum + Date.parse(hole.to) - Date.parse(hole.from), 0);

/** Which time the timeline speaks of. */
export function coveredWords(list: EventList): string {
  return `${momentOf(list.interval.from)} to ${momentOf(list.interval.to)}. AWS delivers events up to 15 minutes late.`;
}

/** What of that time is not known, a line for each source; nothing is said about it. A minute at the end is the clock's. */
export function holeWords(list: EventList): { key: string; text: string }[] {
  const told = (covered: EventCovered) => {
    const source = SOURCES[covered.source] ?? covered.source;
    const where = covered.place ?? covered.context;
    const key = `${covered.context} ${where} ${covered.source}`;
    if (covered.intervals.length === 0) return [{ key, text: `${source} of ${where}: nothing was fetched yet.` }];
    if (length(covered.holes) < 120_000) return [];
    const holes = covered.holes.map(hole => `${momentOf(hole.from)} to ${momentOf(hole.to)}`).join(', ');
    return [{ key, text: `${source} of ${where}: ${holes}.` }];
  };
  return list.covered.flatMap(told);
}

/** One event in a row of its own: an id may come in two accounts. */
export const eventKey = (event: ChangeEvent) => `${event.context} ${event.account} ${event.id}`;
