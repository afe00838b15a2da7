import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import type { BoardRow, BoardSort, QuotaState } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { useAttempt } from '../../shared/attempt';
import { FilterBar } from '../../shared/FilterBar';
import { useNow } from '../../shared/now';
import { EmptyState, ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { Pages } from '../../shared/Pages';
import { QUOTA_STATES, QuotaWords, count } from './states';
import { MappingModal } from './MappingModal';
import { TenantPanel } from './TenantPanel';
import { WhoseKeyModal } from './WhoseKeyModal';

const PAGE = 50;

/** What the address says of this view. */
export interface TenantsSearch {
  text?: string;
  tenant?: string;
  context?: string;
}

export function readTenantsSearch(search: Record<string, unknown>): TenantsSearch {
  const text = (name: string) => (typeof search[name] === 'string' ? { [name]: search[name] } : {});
  return { ...text('text'), ...text('tenant'), ...text('context') };
}

const SORTS: { value: BoardSort; label: string }[] = [
  { value: 'worst', label: 'Who needs help first' },
  { value: 'exhaustion', label: 'Gone soonest' },
  { value: 'used', label: 'Most requests' },
  { value: 'age', label: 'Oldest key' },
  { value: 'tenant', label: 'Tenant' },
  { value: 'plan', label: 'Usage plan' },
];

function KeyAge({ row }: { row: BoardRow }) {
  if (typeof row.ageDays !== 'number') return '–';
  const due = row.rotationDueInDays ?? 0;
  return (
    <>
      {row.ageDays} days
      {due < 0 && (
        <Box variant="small" display="block">
          {-due} overdue
        </Box>
      )}
    </>
  );
}

/** The quota board: every key in every plan, worst first. */
export function TenantsView() {
  const search = useSearch({ from: '/tenants' });
  const navigate = useNavigate({ from: '/tenants' });
  const frame = useFrame();
  const attempt = useAttempt();
  const invalidate = useInvalidate();
  const now = useNow();
  const text = search.text ?? '';
  const [state, setState] = useState<QuotaState | null>(null);
  const [sort, setSort] = useState<BoardSort>('worst');
  const [page, setPage] = useState(1);
  const [reading, setReading] = useState(false);
  const [asking, setAsking] = useState(false);
  const [mapping, setMapping] = useState(false);
  const query = { text, states: state === null ? [] : [state], usagePlanId: null, sort };
  const board = useOperation('tenant_list', { query, offset: (page - 1) * PAGE, limit: PAGE, afresh: false });
  const list = board.data;

  const { tenant, context } = search;
  useEffect(() => {
    const close = () => void navigate({ to: '/tenants', search: ({ text: kept }) => (kept === undefined ? {} : { text: kept }) });
    frame.setPanel(tenant ? <TenantPanel key={`${context ?? ''}/${tenant}`} tenant={tenant} context={context} close={close} /> : null);
    return () => frame.setPanel(null);
  }, [tenant, context, frame, navigate]);

  const open = (row: BoardRow) =>
    void navigate({ to: '/tenants', search: { ...(text === '' ? {} : { text }), tenant: row.tenant.name, context: row.context } });
  const refresh = () =>
    attempt(async () => {
      setReading(true);
      try {
        await host.call('tenant_list', { query, offset: 0, limit: 1, afresh: true });
        await invalidate();
      } finally {
        setReading(false);
      }
    });

  if (board.error) {
    // A file that is wrong names nobody: it can be mended here.
    const mend = asWireError(board.error).code === 'rules-invalid';
    return (
      <>
        <ErrorAlert
          error={board.error}
          retry={() => void board.refetch()}
          action={mend ? <Button onClick={() => setMapping(true)}>Mend the rules</Button> : undefined}
        />
        {mapping && <MappingModal close={() => setMapping(false)} />}
      </>
    );
  }
  const filtered = text !== '' || state !== null;
  const narrow = tenant !== undefined;
  return (
    <SpaceBetween size="m">
      {list && <GapsAlert coverage={list.coverage} />}
      <Table<BoardRow>
        variant="container"
        data-testid="board"
        header={
          <Header
            variant="h1"
            counter={list ? (filtered ? `(${list.matching}/${list.total})` : `(${list.total})`) : ''}
            description={
              list?.readAt
                ? `Read ${ageOf(list.readAt, now)}. AWS's own numbers lag by up to 40 minutes, and what is left is best effort.`
                : "AWS's own numbers lag by up to 40 minutes, and what is left is best effort."
            }
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => setMapping(true)}>Whose keys are whose</Button>
                <Button onClick={() => setAsking(true)}>Whose key is this?</Button>
                <Button iconName="refresh" loading={reading} onClick={refresh}>
                  Read again
                </Button>
              </SpaceBetween>
            }
          >
            Tenants
          </Header>
        }
        filter={
          <FilterBar>
            <div data-testid="tenants-filter">
              <TextFilter
                filteringText={text}
                filteringPlaceholder="Tenant, key, customer, tag, plan, API"
                filteringAriaLabel="Find tenants"
                onChange={({ detail }) => {
                  void navigate({
                    to: '/tenants',
                    search: ({ text: _old, ...rest }) => (detail.filteringText ? { ...rest, text: detail.filteringText } : rest),
                    replace: true,
                  });
                  setPage(1);
                }}
              />
            </div>
            <Select
              inlineLabelText="State"
              selectedOption={state === null ? { label: 'Any', value: '' } : { label: QUOTA_STATES[state].text, value: state }}
              options={[
                { label: 'Any', value: '' },
                ...Object.entries(QUOTA_STATES).map(([value, words]) => ({
                  value,
                  label: words.text,
                  labelTag: String(list?.states.find(([name]) => name === value)?.[1] ?? 0),
                })),
              ]}
              onChange={({ detail }) => {
                setState((detail.selectedOption.value || null) as QuotaState | null);
                setPage(1);
              }}
            />
            <Select
              inlineLabelText="Order"
              selectedOption={SORTS.find(option => option.value === sort) ?? null}
              options={SORTS}
              onChange={({ detail }) => setSort(detail.selectedOption.value as BoardSort)}
            />
          </FilterBar>
        }
        pagination={<Pages page={page} items={list?.matching ?? 0} size={PAGE} go={setPage} />}
        loading={board.isPending}
        loadingText="Reading keys, plans and usage"
        ariaLabels={{ tableLabel: 'Tenants', itemSelectionLabel: (_, row) => row.tenant.name, selectionGroupLabel: 'Tenant' }}
        trackBy="id"
        items={list?.rows ?? []}
        empty={
          filtered ? (
            <EmptyState title="No tenant matches" />
          ) : (
            <EmptyState title="No API keys">A tenant is an API key, or several that belong together.</EmptyState>
          )
        }
        columnDisplay={['state', 'tenant', 'plan', 'used', 'left', 'burn', 'gone', 'rate', 'age'].map(id => ({
          id,
          // Beside an open tenant there is room for what tells the rows apart.
          visible: !narrow || ['state', 'tenant', 'plan', 'used'].includes(id),
        }))}
        columnDefinitions={[
          { id: 'state', header: 'State', cell: row => <QuotaWords state={row.standing.state} />, width: 125 },
          {
            id: 'tenant',
            header: 'Tenant',
            isRowHeader: true,
            cell: row => (
              <>
                <Link
                  onFollow={event => {
                    event.preventDefault();
                    open(row);
                  }}
                >
                  <Foreign text={row.tenant.name} />
                </Link>
                {row.keyName !== '' && row.keyName !== row.tenant.name && (
                  <Box variant="small" display="block">
                    <Foreign text={row.keyName} />
                  </Box>
                )}
              </>
            ),
            minWidth: 190,
          },
          { id: 'plan', header: 'Usage plan', cell: row => <Foreign text={row.planName ?? '–'} />, minWidth: 150 },
          {
            id: 'used',
            header: 'Used',
            cell: row => (
              <>
                {count(row.standing.used)}
                {typeof row.standing.limit === 'number' && ` of ${count(row.standing.limit)}`}
                {typeof row.standing.percent === 'number' && ` (${Math.floor(row.standing.percent)} %)`}
                {typeof row.standing.remaining === 'number' && (
                  <Box variant="small" display="block">
                    about {count(row.standing.remaining)} left
                  </Box>
                )}
              </>
            ),
            minWidth: 190,
          },
          { id: 'burn', header: 'Per day', cell: row => count(row.standing.burnPerDay), width: 95 },
          {
            id: 'gone',
            header: 'Gone on',
            cell: row => (
              <>
                {row.standing.exhaustedOn ?? (row.standing.resetsOn ? 'lasts' : '–')}
                {row.standing.resetsOn && (
                  <Box variant="small" display="block">
                    reset {row.standing.resetsOn}
                  </Box>
                )}
              </>
            ),
            width: 135,
          },
          {
            id: 'rate',
            header: 'Rate, burst',
            cell: row => `${row.throttle.rate ?? '–'}/s, ${row.throttle.burst ?? '–'}`,
            width: 115,
          },
          { id: 'age', header: 'Key age', cell: row => <KeyAge row={row} />, width: 115 },
        ]}
      />
      {mapping && <MappingModal close={() => setMapping(false)} />}
      {asking && <WhoseKeyModal close={() => setAsking(false)} open={open} />}
    </SpaceBetween>
  );
}
