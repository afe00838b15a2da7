import { useQueries } from '@tanstack/react-query';

import type { RouteLine, RouteList, RouteQuery } from '../../api/bindings';
import { host } from '../../api/client';

/** Lines of one fetched page. */
export const PAGE = 100;

function offsetOf(key: readonly unknown[] | undefined): number | undefined {
  const request = key?.[1];
  return typeof request === 'object' && request !== null && 'offset' in request ? Number(request.offset) : undefined;
}

interface Lines {
  /** The newest answer about the whole list. */
  list: RouteList | undefined;
  error: unknown;
  pending: boolean;
  lineAt(index: number): RouteLine | undefined;
  retry(): void;
}

/** Fetches the pages that the visible lines are on, and keeps what was there while the next answer loads. */
export function useLines(query: RouteQuery, collapsed: string[], first: number, last: number): Lines {
  const from = Math.floor(Math.max(first, 0) / PAGE);
  const to = Math.floor(Math.max(last, first, 0) / PAGE);
  const pages = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const answers = useQueries({
    queries: pages.map(page => {
      const request = { query, collapsed, offset: page * PAGE, limit: PAGE };
      return {
        queryKey: ['route_list', request],
        queryFn: () => host.call('route_list', request),
        // The same page of the last query stays while the next answers; another page's lines would be wrong ones.
        placeholderData: (before: RouteList | undefined, asked?: { queryKey: readonly unknown[] }) =>
          offsetOf(asked?.queryKey) === request.offset ? before : undefined,
      };
    }),
  });
  const list = answers.find(answer => answer.data)?.data;
  return {
    list,
    error: answers.find(answer => answer.error)?.error ?? null,
    pending: answers.some(answer => answer.isPending),
    lineAt: index => {
      const page = answers[Math.floor(index / PAGE) - from];
      return page?.data?.lines[index % PAGE];
    },
    retry: () => answers.forEach(answer => void answer.refetch()),
  };
}
