import type { Audience, FindingFilter, FindingGroupBy, FindingQuery, Severity, Verdict } from '../../api/bindings';

/** What the address of the Findings view says. */
export interface FindingsSearch {
  severity?: Severity;
  audience?: Audience;
  control?: string;
  context?: string;
  state?: State;
  text?: string;
  group?: FindingGroupBy;
  page?: number;
  /** The finding in the panel. */
  finding?: string;
}

/** Which findings: those that count, what is new, what is not known, what somebody accepts, what passes. */
export type State = 'new' | 'unknown' | 'accepted' | 'passing';

export const SEVERITIES: Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];
export const AUDIENCES: Audience[] = ['admin', 'checkout', 'customer', 'partner', 'webhook', 'internal', 'public', 'unclassified'];
const STATES: State[] = ['new', 'unknown', 'accepted', 'passing'];
const GROUPS: FindingGroupBy[] = ['severity', 'audience', 'control', 'api', 'context', 'none'];

/** Lines on one page. */
export const PAGE = 100;

export const NO_FILTER: FindingFilter = {
  verdicts: [],
  severities: [],
  audiences: [],
  controls: [],
  contexts: [],
  novelties: [],
  ids: [],
  excepted: null,
  text: '',
};

const ALL_VERDICTS: Verdict[] = ['fail', 'unknown', 'pass'];

function one<T extends string>(wanted: readonly T[], value: unknown): T | undefined {
  return wanted.find(candidate => candidate === value);
}

/** Reads an address that anybody may have written: what makes no sense is left out. */
export function readFindingsSearch(raw: Record<string, unknown>): FindingsSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return {
    severity: one(SEVERITIES, raw.severity),
    audience: one(AUDIENCES, raw.audience),
    control: text(raw.control),
    context: text(raw.context),
    state: one(STATES, raw.state),
    text: text(raw.text),
    group: one(GROUPS, raw.group),
    page: typeof raw.page === 'number' && Number.isInteger(raw.page) && raw.page > 1 ? raw.page : undefined,
    finding: text(raw.finding),
  };
}

/** The question that the address asks. */
export function queryOf(search: FindingsSearch): FindingQuery {
  const filter: FindingFilter = {
    ...NO_FILTER,
    severities: search.severity ? [search.severity] : [],
    audiences: search.audience ? [search.audience] : [],
    controls: search.control ? [search.control] : [],
    contexts: search.context ? [search.context] : [],
    text: search.text ?? '',
  };
  if (search.state === 'new') filter.novelties = ['new', 'returned'];
  if (search.state === 'unknown') filter.verdicts = ['unknown'];
  if (search.state === 'passing') filter.verdicts = ['pass'];
  if (search.state === 'accepted') filter.excepted = true;
  return { filter, groupBy: search.group ?? 'severity' };
}

/** The question for one finding, whatever it says. */
export function queryOfOne(id: string): FindingQuery {
  return { filter: { ...NO_FILTER, verdicts: ALL_VERDICTS, ids: [id] }, groupBy: 'none' };
}
