// Filters, groups, sorts and pages the fake's routes, as far as the interface can notice. The rules themselves live
// in Rust and are tested there; no rule of the product is decided here.
import type {
  Coverage,
  FilterToken,
  GroupSignals,
  Route,
  RouteGroup,
  RouteLine,
  RouteList,
  RouteListRequest,
  RouteProperty,
} from './bindings';

/** What a property of a route says, as text. */
export function valueOf(route: Route, property: RouteProperty): string {
  switch (property) {
    case 'audience':
      return route.audience.audience;
    case 'audienceSource':
      return route.audience.source;
    case 'routeClass':
      return route.class.class;
    case 'api':
      return route.apiName;
    case 'authorizationType':
      return route.guard.authorizationType;
    case 'authorizer':
      return route.guard.authorizer ?? '';
    case 'apiKeyRequired':
      return String(route.guard.apiKeyRequired);
    case 'rateLimit':
      return String(route.throttle.limit.rate ?? '');
    case 'burstLimit':
      return String(route.throttle.limit.burst ?? '');
    case 'throttleSource':
      return route.throttle.source;
    case 'integrationType':
      return route.integration?.kind ?? '';
    case 'timeoutMs':
      return String(route.integration?.timeoutMs ?? '');
    case 'canary':
      return String(Boolean(route.canary));
    default:
      return route[property] ?? '';
  }
}

function holds(route: Route, token: FilterToken): boolean {
  const free = [route.method, route.path, route.apiName, route.stage, route.guard.authorizer ?? ''].join(' ');
  const actual = (token.property ? valueOf(route, token.property) : free).toLowerCase();
  const wanted = token.value.toLowerCase();
  const same = actual === wanted || (token.property === 'api' && route.apiId === token.value);
  switch (token.operator) {
    case '=':
      return same;
    case '!=':
      return !same;
    case ':':
      return actual.includes(wanted);
    case '!:':
      return !actual.includes(wanted);
    case '^':
      return actual.startsWith(wanted);
    case '<':
      return Number(actual) < Number(wanted);
    case '>':
      return Number(actual) > Number(wanted);
  }
}

function matches(route: Route, { filter }: RouteListRequest['query']): boolean {
  const row = `${route.method} ${route.path} ${route.apiName} ${route.stage}`.toLowerCase();
  const words = filter.text.toLowerCase().split(/\s+/u).filter(Boolean);
  if (!words.every(word => row.includes(word))) return false;
  if (filter.tokens.length === 0) return true;
  const one = (token: FilterToken) => holds(route, token);
  return filter.operation === 'and' ? filter.tokens.every(one) : filter.tokens.some(one);
}

function signalsOf(routes: Route[]): GroupSignals {
  const count = (test: (route: Route) => boolean) => routes.filter(test).length;
  return {
    open: count(route => route.guard.authorizationType === 'NONE' && !['public', 'webhook'].includes(route.audience.audience)),
    uncovered: count(route => route.apiKind === 'REST' && !route.wafAcl && route.endpointType !== 'PRIVATE'),
    unthrottled: count(route => route.throttle.source === 'account'),
    drifted: count(route => route.drift !== 'none'),
    canary: count(route => Boolean(route.canary)),
  };
}

function keyOf(route: Route, by: RouteListRequest['query']['groupBy']): string {
  if (by === 'api') return `${route.account}/${route.region}/${route.apiId}/${route.stage}`;
  if (by === 'context') return route.context;
  return valueOf(route, by ?? 'audience');
}

function grouped(routes: Route[], by: RouteListRequest['query']['groupBy']): [RouteGroup, Route[]][] {
  if (!by) return [];
  const parts = new Map<string, Route[]>();
  for (const route of routes) parts.set(keyOf(route, by), [...(parts.get(keyOf(route, by)) ?? []), route]);
  return [...parts].map(([key, rows]) => {
    const label = by === 'api' && rows[0] ? `${rows[0].apiName}, ${rows[0].stage}` : key;
    return [{ key, label, count: rows.length, signals: signalsOf(rows) }, rows];
  });
}

/** The page that was asked for. */
export function listRoutes(routes: Route[], request: RouteListRequest, revision: number, coverage: Coverage): RouteList {
  const { query, collapsed, offset, limit } = request;
  const rows = routes.filter(route => matches(route, query));
  const { sort } = query;
  if (sort) {
    const direction = sort.descending ? -1 : 1;
    rows.sort((a, b) => direction * valueOf(a, sort.property).localeCompare(valueOf(b, sort.property), undefined, { numeric: true }));
  }
  const groups = grouped(rows, query.groupBy);
  const plain = (part: Route[]): RouteLine[] => part.map(route => ({ line: 'route', route }));
  const lines: RouteLine[] = query.groupBy
    ? groups.flatMap(([group, part]): RouteLine[] => {
        const folded = collapsed.includes(group.key);
        return [{ line: 'group', group, collapsed: folded }, ...(folded ? [] : plain(part))];
      })
    : plain(rows);
  return {
    revision,
    total: routes.length,
    matching: rows.length,
    preflights: routes.length === 0 ? 0 : 4,
    lineCount: lines.length,
    groups: groups.map(([group]) => group),
    lines: lines.slice(offset, offset + limit),
    coverage,
  };
}
