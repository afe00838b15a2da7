import type { Route } from '../../api/bindings';

/** What the address says of the Metrics view. */
export interface MetricsSearch {
  context?: string;
  api?: string;
  stage?: string;
  /** A route's key: `POST /login`. */
  route?: string;
  hours?: number;
}

export const WINDOWS = [
  { hours: 1, text: '1h' },
  { hours: 3, text: '3h' },
  { hours: 12, text: '12h' },
  { hours: 24, text: '1d' },
  { hours: 72, text: '3d' },
  { hours: 168, text: '1w' },
  { hours: 336, text: '2w' },
];

export function readMetricsSearch(search: Record<string, unknown>): MetricsSearch {
  const text = (name: string) => (typeof search[name] === 'string' && search[name] !== '' ? search[name] : undefined);
  const [context, api, stage, route] = [text('context'), text('api'), text('stage'), text('route')];
  const hours = WINDOWS.find(window => window.hours === search.hours)?.hours;
  // Said for every key: what is not said here would stay as somebody wrote it.
  return { context, api, stage, route, hours };
}

/** The key of a route on its stage: `POST /login`; WebSocket routes and `$default` have no method. */
export function routeKey(route: Pick<Route, 'apiKind' | 'method' | 'path'>): string {
  return route.apiKind === 'WEBSOCKET' || !route.path.startsWith('/') ? route.path : `${route.method} ${route.path}`;
}
