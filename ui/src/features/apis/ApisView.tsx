import { useCollection } from '@cloudscape-design/collection-hooks';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';

import type { ApiListItem } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { PAGE_WORDS } from '../../shared/Pages';
import { StagePanel } from './StagePanel';

const PAGE = 50;

/** What the address says of this view: the stage in the panel. */
export interface ApisSearch {
  context?: string;
  api?: string;
  stage?: string;
}

export function readApisSearch(search: Record<string, unknown>): ApisSearch {
  const text = (name: string) => (typeof search[name] === 'string' ? { [name]: search[name] } : {});
  return { ...text('context'), ...text('api'), ...text('stage') };
}

function stagesOf(item: ApiListItem): string {
  return item.stages.map(stage => stage.name).join(', ') || '–';
}

function whereOf(item: ApiListItem): string {
  return `${item.account} ${item.region}`;
}

/** What the filter looks in. */
function wordsOf(item: ApiListItem): string {
  const { name, id, kind, endpointType } = item.api;
  return [name, id, kind, endpointType, stagesOf(item), whereOf(item), item.context].join(' ').toLowerCase();
}

function columns(
  routesOf: (item: ApiListItem) => void,
  open: (item: ApiListItem, stage: string) => void,
): TableProps.ColumnDefinition<ApiListItem>[] {
  const by = (value: (item: ApiListItem) => string) => (one: ApiListItem, other: ApiListItem) => value(one).localeCompare(value(other));
  return [
    {
      id: 'name',
      header: 'Name',
      isRowHeader: true,
      minWidth: 180,
      maxWidth: 320,
      sortingComparator: by(item => item.api.name),
      cell: item => (
        <Link onFollow={() => routesOf(item)}>
          <Foreign text={item.api.name} />
        </Link>
      ),
    },
    { id: 'id', header: 'ID', sortingComparator: by(item => item.api.id), cell: item => item.api.id },
    { id: 'kind', header: 'Kind', sortingComparator: by(item => item.api.kind), cell: item => item.api.kind },
    { id: 'endpoint', header: 'Endpoint', sortingComparator: by(item => item.api.endpointType), cell: item => item.api.endpointType },
    {
      id: 'stages',
      header: 'Stages',
      sortingComparator: by(stagesOf),
      cell: item =>
        item.stages.length === 0
          ? '–'
          : item.stages.map(stage => (
              <div key={stage.name}>
                <Link ariaLabel={`Stage ${visible(stage.name)} of ${visible(item.api.name)}`} onFollow={() => open(item, stage.name)}>
                  <Foreign text={stage.name} />
                </Link>
              </div>
            )),
    },
    { id: 'routes', header: 'Routes', sortingComparator: (one, other) => one.routes - other.routes, cell: item => item.routes },
    {
      id: 'created',
      header: 'Created',
      sortingComparator: by(item => item.api.created ?? ''),
      cell: item => item.api.created?.slice(0, 10) ?? '–',
    },
    { id: 'where', header: 'Account and region', sortingComparator: by(whereOf), cell: whereOf },
  ];
}

/** Every API with its stages; its routes are one click away. */
export function ApisView() {
  const query = useOperation('api_list', {});
  const { context, api, stage } = useSearch({ from: '/apis' });
  const navigate = useNavigate({ from: '/apis' });
  const frame = useFrame();
  useEffect(() => {
    const name = context !== undefined && api !== undefined && stage !== undefined ? { context, apiId: api, stage } : null;
    frame.setPanel(name && <StagePanel key={JSON.stringify(name)} name={name} close={() => void navigate({ to: '/apis', search: {} })} />);
    return () => frame.setPanel(null);
  }, [context, api, stage, frame, navigate]);
  // Kept between renders: a table knows the column that it is sorted by from its comparator.
  const columnDefinitions = useMemo(
    () =>
      columns(
        item =>
          void navigate({
            to: '/routes',
            search: { filter: { operation: 'and', tokens: [{ property: 'api', operator: '=', value: item.api.id }] } },
          }),
        (item, stage) => void navigate({ to: '/apis', search: { context: item.context, api: item.api.id, stage } }),
      ),
    [navigate],
  );
  const all = query.data?.items ?? [];
  const { items, actions, filteredItemsCount, collectionProps, filterProps, paginationProps } = useCollection(all, {
    filtering: {
      filteringFunction: (item, text) => wordsOf(item).includes(text.trim().toLowerCase()),
      empty: <EmptyState title="No APIs">The open contexts have none, or none could be read.</EmptyState>,
      noMatch: <EmptyState title="No API matches" action={<Button onClick={() => actions.setFiltering('')}>Clear the filter</Button>} />,
    },
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  if (query.error && !query.data) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const filtered = filterProps.filteringText.trim() !== '';
  return (
    <Table
      {...collectionProps}
      variant="container"
      wrapLines
      header={
        <Header variant="h1" counter={query.data && (filtered ? `(${filteredItemsCount}/${all.length})` : `(${all.length})`)}>
          APIs
        </Header>
      }
      filter={
        <div data-testid="apis-filter">
          <TextFilter
            {...filterProps}
            filteringAriaLabel="Filter APIs"
            filteringPlaceholder="Filter by name, ID, kind, endpoint, stage, account…"
            filteringClearAriaLabel="Clear"
            countText={`${filteredItemsCount} ${filteredItemsCount === 1 ? 'match' : 'matches'}`}
          />
        </div>
      }
      pagination={all.length > PAGE && <Pagination {...paginationProps} ariaLabels={PAGE_WORDS} />}
      loading={query.isPending}
      loadingText="Reading APIs"
      ariaLabels={{ tableLabel: 'APIs' }}
      trackBy={item => `${item.context}/${item.api.id}`}
      items={items}
      columnDefinitions={columnDefinitions}
    />
  );
}
