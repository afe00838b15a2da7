import type { FilterToken, RouteFilter, RouteGroupBy, RouteProperty, RouteQuery } from '../../api/bindings';

/** What the address of the Routes view says: any state of it is a link. */
export interface RoutesSearch {
  filter?: { operation: RouteFilter['operation']; tokens: FilterToken[] };
  text?: string;
  group?: RouteGroupBy | 'none';
  sort?: RouteProperty;
  descending?: boolean;
  preflights?: boolean;
  /** The route in the panel. */
  route?: string;
}

const GROUPS = ['audience', 'api', 'routeClass', 'context', 'none'];

/** Reads an address that anybody may have written: what makes no sense is left out. */
export function readRoutesSearch(raw: Record<string, unknown>): RoutesSearch {
  // Said for every key: what is not said here would stay as somebody wrote it.
  const search: RoutesSearch = {
    filter: undefined,
    text: undefined,
    group: undefined,
    sort: undefined,
    descending: undefined,
    preflights: undefined,
    route: undefined,
  };
  const { filter, text, group, sort, route } = raw;
  if (typeof filter === 'object' && filter !== null && 'tokens' in filter && Array.isArray(filter.tokens)) {
    const operation = 'operation' in filter && filter.operation === 'or' ? 'or' : 'and';
    const tokens = filter.tokens.filter(
      (token): token is FilterToken =>
        typeof token === 'object' && token !== null && typeof token.operator === 'string' && typeof token.value === 'string',
    );
    if (tokens.length > 0) search.filter = { operation, tokens };
  }
  if (typeof text === 'string' && text !== '') search.text = text;
  if (typeof group === 'string' && GROUPS.includes(group)) search.group = group as RoutesSearch['group'];
  if (typeof sort === 'string') search.sort = sort as RouteProperty;
  if (raw.descending === true) search.descending = true;
  if (raw.preflights === true) search.preflights = true;
  if (typeof route === 'string') search.route = route;
  return search;
}

/** The question that the address asks. */
export function queryOf(search: RoutesSearch): RouteQuery {
  const group = search.group ?? 'audience';
  return {
    filter: {
      operation: search.filter?.operation ?? 'and',
      tokens: search.filter?.tokens ?? [],
      text: search.text ?? '',
      includePreflight: search.preflights ?? false,
    },
    groupBy: group === 'none' ? null : group,
    sort: search.sort ? { property: search.sort, descending: search.descending ?? false } : null,
  };
}
