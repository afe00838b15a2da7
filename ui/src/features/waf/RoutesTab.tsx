import Badge from '@cloudscape-design/components/badge';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { WebAclDetail } from '../../api/bindings';
import { EmptyState } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { Pages } from '../../shared/Pages';
import { Status, VERDICTS } from './words';

const PAGE = 25;

/** The routes behind a web ACL, and whether a rule can stop requests to each. */
export function RoutesTab({ detail }: { detail: WebAclDetail }) {
  const navigate = useNavigate();
  const [page, setPage] = useState(1);
  const { routes } = detail;
  return (
    <Table
      variant="embedded"
      wrapLines
      data-testid="waf-routes"
      ariaLabels={{ tableLabel: 'Routes behind the web ACL' }}
      trackBy="routeId"
      items={routes.slice((page - 1) * PAGE, page * PAGE)}
      footer={routes.length < detail.routeCount ? `The first ${routes.length} of ${detail.routeCount}.` : undefined}
      pagination={<Pages page={page} items={routes.length} size={PAGE} go={setPage} />}
      empty={<EmptyState title="No route that was read is behind it" />}
      columnDefinitions={[
        {
          id: 'route',
          header: 'Route',
          isRowHeader: true,
          minWidth: 240,
          cell: one => (
            <Link onFollow={() => void navigate({ to: '/routes', search: { route: one.routeId } })}>
              <Foreign text={one.label} />
            </Link>
          ),
        },
        { id: 'audience', header: 'Audience', cell: one => <Badge>{one.audience}</Badge> },
        { id: 'verdict', header: 'Stands', minWidth: 150, cell: one => <Status of={VERDICTS[one.verdict]} /> },
        { id: 'why', header: 'Why', minWidth: 260, cell: one => <Foreign text={one.sentence} /> },
      ]}
    />
  );
}
