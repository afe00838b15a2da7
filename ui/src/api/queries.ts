import { QueryClient, keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import type { Operation, Request, Response } from './client';
import { asWireError, host } from './client';

export function newQueryClient() {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: Number.POSITIVE_INFINITY } },
  });
}

/** Reads an operation; what was there stays on screen while the next answer loads. */
export function useOperation<K extends Operation>(name: K, request: Request<K>, enabled = true) {
  return useQuery<Response<K>>({
    queryKey: [name, request],
    queryFn: () => host.call(name, request),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** What changes whenever the inventory does. */
const FOLLOWS: Operation[] = [
  'inventory_status',
  'route_list',
  'route_get',
  'route_values',
  'api_list',
  'context_list',
  'canary_list',
  'canary_release_list',
  'canary_template_list',
  'journal_list',
  'journal_get',
  'event_list',
  'finding_list',
  'posture_overview',
  'web_acl_list',
  'web_acl_get',
  'web_acl_for_route',
  'alarm_list',
  'alarm_coverage',
];

/** Asks again whenever the host says that something changed, at most five times a second. */
export function useInventoryEvents() {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = host.onInventory(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const name of FOLLOWS) void client.invalidateQueries({ queryKey: [name] });
      }, 200);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
}

export function useInvalidate() {
  const client = useQueryClient();
  return () => client.invalidateQueries();
}

export { asWireError };
