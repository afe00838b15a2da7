import type { EventClient, EventFilter, EventListRequest, EventMaker, EventOutcome, EventQuestion } from '../../api/bindings';

/** What the address of the Changes view says. */
export interface TimelineSearch {
  ask?: Question;
  /** The moment that is asked about, RFC 3339. */
  moment?: string;
  /** How long before it (and after it, for `around`), minutes. */
  minutes?: number;
  text?: string;
  apis?: string[];
  stages?: string[];
  principals?: string[];
  sources?: string[];
  contexts?: string[];
  clients?: EventClient[];
  outcomes?: EventOutcome[];
  made?: Exclude<EventMaker, 'anybody'>;
  /** The last so many hours, or a fixed interval. */
  hours?: number;
  since?: string;
  until?: string;
  page?: number;
}

/** What a person asks. `before` and `around` ask about a moment, `principal` about somebody. */
export type Question = EventQuestion | 'before' | 'around' | 'principal';

export const QUESTIONS: { id: Question; text: string; more: string }[] = [
  { id: 'everything', text: 'What changed?', more: 'Every configuration change' },
  { id: 'before', text: 'What changed before an alarm?', more: 'An alarm or a moment, and how long before it' },
  { id: 'around', text: 'What changed around a moment?', more: 'Before it and after it' },
  { id: 'principal', text: 'What did somebody do?', more: 'A person, a role or a program' },
  { id: 'denied', text: 'What was denied?', more: 'Refused for want of a permission' },
  {
    id: 'production-outside-deployment',
    text: 'Who touched production outside a deployment?',
    more: 'What is in force at once: limits, plans, keys, web ACLs',
  },
  { id: 'outside-ci', text: 'What was changed outside CI?', more: 'settings.toml says what counts as CI' },
  { id: 'by-hand', text: 'What was done by hand?', more: 'In the AWS console' },
];

const CLIENTS: EventClient[] = ['console', 'cli', 'terraform', 'cloud-formation', 'portcullis', 'sdk', 'service', 'unknown'];
const OUTCOMES: EventOutcome[] = ['succeeded', 'denied', 'failed'];

/** Lines on one page. */
export const PAGE = 50;
const WEEK = 168;
export const HOUR = 60;

function among<T extends string>(wanted: readonly T[], value: unknown): T[] | undefined {
  const found = Array.isArray(value) ? wanted.filter(one => value.includes(one)) : [];
  return found.length > 0 ? found : undefined;
}

function strings(value: unknown): string[] | undefined {
  const found = Array.isArray(value) ? value.filter(one => typeof one === 'string' && one !== '') : [];
  return found.length > 0 ? (found as string[]) : undefined;
}

/** Reads an address that anybody may have written: what makes no sense is left out. */
export function readTimelineSearch(raw: Record<string, unknown>): TimelineSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const time = (value: unknown) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined);
  const number = (value: unknown, most: number) =>
    typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most ? value : undefined;
  return {
    ask: QUESTIONS.find(one => one.id === raw.ask)?.id,
    moment: time(raw.moment),
    minutes: number(raw.minutes, 7 * 24 * 60),
    text: text(raw.text),
    apis: strings(raw.apis),
    stages: strings(raw.stages),
    principals: strings(raw.principals),
    sources: strings(raw.sources),
    contexts: strings(raw.contexts),
    clients: among(CLIENTS, raw.clients),
    outcomes: among(OUTCOMES, raw.outcomes),
    made: raw.made === 'journal' || raw.made === 'elsewhere' ? raw.made : undefined,
    hours: number(raw.hours, 24 * 3660),
    since: time(raw.since),
    until: time(raw.until),
    page: number(raw.page, 1_000_000),
  };
}

/** The time that is asked for; `until` is open where it is now. */
export function intervalOf(search: TimelineSearch, now: number): { since: string; until: string | null } {
  const at = (time: number) => new Date(time).toISOString();
  if ((search.ask === 'before' || search.ask === 'around') && search.moment) {
    const moment = Date.parse(search.moment);
    const length = (search.minutes ?? HOUR) * 60_000;
    return { since: at(moment - length), until: at(search.ask === 'around' ? moment + length : moment) };
  }
  if (search.since) return { since: search.since, until: search.until ?? null };
  return { since: at(now - (search.hours ?? WEEK) * 3_600_000), until: null };
}

export function filterOf(search: TimelineSearch): EventFilter {
  const asked = search.ask ?? 'everything';
  const own = asked === 'before' || asked === 'around' || asked === 'principal' ? 'everything' : asked;
  return {
    question: own,
    text: search.text ?? '',
    apis: search.apis ?? [],
    stages: search.stages ?? [],
    principals: search.principals ?? [],
    sources: search.sources ?? [],
    contexts: search.contexts ?? [],
    clients: search.clients ?? [],
    outcomes: search.outcomes ?? [],
    maker: search.made ?? 'anybody',
  };
}

export function requestOf(search: TimelineSearch, now: number): EventListRequest {
  return {
    filter: filterOf(search),
    ...intervalOf(search, now),
    offset: ((search.page ?? 1) - 1) * PAGE,
    limit: PAGE,
  };
}
