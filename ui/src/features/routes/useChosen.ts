import { useMemo, useState } from 'react';

import type { Route, RouteQuery } from '../../api/bindings';
import { host } from '../../api/client';

/** The most lines of one answer of `route_list`. */
const LINES = 500;

/** The routes that a person picked, whatever the filter shows now: one may be picked here, the next one there. */
export interface Chosen {
  routes: ReadonlyMap<string, Route>;
  toggle(route: Route): void;
  /** Picks every route of the lines from one to another, both with it. */
  range(query: RouteQuery, collapsed: string[], from: number, to: number): Promise<void>;
  clear(): void;
}

/** Whether a limit can be set on it: a draft has none. */
export function canBeChosen(route: Route): boolean {
  return route.drift !== 'added';
}

export function useChosen(): Chosen {
  const [routes, setRoutes] = useState<ReadonlyMap<string, Route>>(new Map());
  return useMemo(
    () => ({
      routes,
      toggle: route =>
        setRoutes(now => {
          const next = new Map(now);
          if (!next.delete(route.id) && canBeChosen(route)) next.set(route.id, route);
          return next;
        }),
      range: async (query, collapsed, from, to) => {
        const [first, last] = [Math.min(from, to), Math.max(from, to)];
        const found: Route[] = [];
        for (let offset = first; offset <= last; offset += LINES) {
          const limit = Math.min(LINES, last - offset + 1);
          const page = await host.call('route_list', { query, collapsed, offset, limit });
          for (const line of page.lines) if (line.line === 'route' && canBeChosen(line.route)) found.push(line.route);
        }
        setRoutes(now => new Map([...now, ...found.map(route => [route.id, route] as const)]));
      },
      clear: () => setRoutes(new Map()),
    }),
    [routes],
  );
}

/** `2 stages of 2 APIs`. */
export function placesOf(routes: Iterable<Route>): string {
  const all = [...routes];
  const count = (of: (route: Route) => string, one: string, more: string) => {
    const number = new Set(all.map(of)).size;
    return `${number} ${number === 1 ? one : more}`;
  };
  const stages = count(route => `${route.context}/${route.apiId}/${route.stage}`, 'stage', 'stages');
  return `${stages} of ${count(route => `${route.context}/${route.apiId}`, 'API', 'APIs')}`;
}
