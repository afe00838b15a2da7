import type { ChangeEvent, EventClient, EventList } from '../../api/bindings';

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

export type Question = 'all' | 'elsewhere' | 'journal' | 'denied' | 'console' | 'outside-deployments';

/** What people ask of the timeline, and the request that answers it. */
export const QUESTIONS: { id: Question; text: string }[] = [
  { id: 'all', text: 'Everything' },
  { id: 'elsewhere', text: 'Made elsewhere' },
  { id: 'journal', text: 'Made with this console' },
  { id: 'denied', text: 'Denied' },
  { id: 'console', text: 'By hand in the AWS console' },
  { id: 'outside-deployments', text: 'Outside deployments' },
];

export function asked(question: Question) {
  return {
    maker: question === 'elsewhere' ? ('elsewhere' as const) : question === 'journal' ? ('journal' as const) : ('anybody' as const),
    outcome: question === 'denied' ? ('denied' as const) : null,
    client: question === 'console' ? ('console' as const) : null,
    outsideDeployments: question === 'outside-deployments',
  };
}

const date = (text: string) => new Date(text).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** Which time the timeline can speak of. */
export function coveredWords(list: EventList): string {
  const intervals = list.covered.flatMap(covered => covered.intervals);
  const [first] = intervals.map(interval => interval.from).sort();
  const last = intervals
    .map(interval => interval.to)
    .sort()
    .at(-1);
  if (first === undefined || last === undefined) return 'Nothing was fetched yet.';
  const empty = list.covered.filter(covered => covered.intervals.length === 0).length;
  const holes = list.covered.some(covered => covered.intervals.length > 1);
  const notes = [
    ...(holes ? ['with holes: there were more events than one fetch reads'] : []),
    ...(empty > 0 ? [`${empty} of ${list.covered.length} sources not read`] : []),
  ];
  return `Known from ${date(first)} to ${date(last)}${notes.length > 0 ? `, ${notes.join(', ')}` : ''}. AWS delivers events up to 15 minutes late.`;
}

/** One event in a row of its own: an id may come in two contexts. */
export const eventKey = (event: ChangeEvent) => `${event.context} ${event.id}`;
