import Badge from '@cloudscape-design/components/badge';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Table from '@cloudscape-design/components/table';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { CoverVerdict, WebAclList } from '../../api/bindings';
import { EmptyState } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { Pages } from '../../shared/Pages';
import { Status, VERDICTS } from './words';

const PAGE = 15;
const ORDER: CoverVerdict[] = ['no-web-acl', 'only-counts', 'no-rule', 'not-possible', 'unknown'];

/** Routes for the public, customers, checkout, partners and callbacks that no rule is known to stop requests to. */
export function UncoveredRoutes({ list }: { list: WebAclList }) {
  const navigate = useNavigate();
  const [only, setOnly] = useState<CoverVerdict | 'all'>('all');
  const [page, setPage] = useState(1);
  const count = (verdict: CoverVerdict) => list.verdicts.find(([known]) => known === verdict)?.[1] ?? 0;
  const present = ORDER.filter(verdict => count(verdict) > 0);
  const total = present.reduce((sum, verdict) => sum + count(verdict), 0);
  const shown = only === 'all' ? list.uncovered : list.uncovered.filter(one => one.verdict === only);
  return (
    <Table
      variant="container"
      wrapLines
      data-testid="uncovered"
      header={
        <Header
          variant="h2"
          counter={`(${total} of ${list.exposed})`}
          description="For the public, customers, checkout, partners and callbacks; what attackers come for first stands first."
        >
          Routes that no rule stops requests to
        </Header>
      }
      filter={
        present.length > 1 ? (
          <SegmentedControl
            label="How they stand"
            selectedId={only}
            onChange={({ detail }) => {
              setOnly(detail.selectedId as CoverVerdict | 'all');
              setPage(1);
            }}
            options={[
              { id: 'all', text: `All ${total}` },
              ...present.map(verdict => ({ id: verdict, text: `${VERDICTS[verdict].text} ${count(verdict)}` })),
            ]}
          />
        ) : undefined
      }
      pagination={<Pages page={page} items={shown.length} size={PAGE} go={setPage} />}
      ariaLabels={{ tableLabel: 'Routes that no rule stops requests to' }}
      trackBy="routeId"
      items={shown.slice((page - 1) * PAGE, page * PAGE)}
      empty={
        list.coverage.complete ? (
          <EmptyState title="Every such route has a rule that can stop requests to it" />
        ) : (
          <EmptyState title="None is known">Not everything could be read, so there may be some.</EmptyState>
        )
      }
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
        { id: 'audience', header: 'Audience', minWidth: 110, cell: one => <Badge>{one.audience}</Badge> },
        { id: 'verdict', header: 'Stands', minWidth: 150, cell: one => <Status of={VERDICTS[one.verdict]} /> },
        { id: 'why', header: 'Why', minWidth: 240, cell: one => <Foreign text={one.sentence} /> },
      ]}
    />
  );
}
