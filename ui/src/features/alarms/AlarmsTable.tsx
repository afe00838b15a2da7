import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import type { AlarmLine, AlarmListRequest } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { FilterBar } from '../../shared/FilterBar';
import { useNow } from '../../shared/now';
import { EmptyState, ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { Pages } from '../../shared/Pages';
import { AlarmPanel } from './AlarmPanel';
import type { AlarmsSearch } from './search';
import { AlarmStateWords, TROUBLES, actionName, alarmKey } from './words';

const PAGE = 50;

const SHOWN: { value: string; label: string }[] = [
  { value: 'all', label: 'Every alarm' },
  { value: 'alarm', label: 'In alarm' },
  { value: 'insufficient-data', label: 'Insufficient data' },
  { value: 'troubled', label: 'Something is wrong with it' },
];

function Tells({ line }: { line: AlarmLine }) {
  const { alarm } = line;
  if (!line.tells) return <StatusIndicator type="warning">Nobody</StatusIndicator>;
  if (!alarm.actionsEnabled || alarm.alarmActions.length === 0)
    return (
      <>
        by <Foreign text={line.parents[0] ?? 'a composite alarm'} />
      </>
    );
  return <Foreign text={alarm.alarmActions.map(actionName).join(', ')} />;
}

function Wrong({ line }: { line: AlarmLine }) {
  // That it tells nobody has a column of its own.
  const kinds = [...new Set(line.troubles.map(trouble => trouble.kind))].filter(kind => kind !== 'tells-nobody');
  if (kinds.length === 0) return <Box color="text-body-secondary">–</Box>;
  return (
    <SpaceBetween size="xxs">
      {kinds.map(kind => (
        <StatusIndicator key={kind} type={kind === 'shared' || kind === 'unchecked' ? 'info' : 'warning'}>
          {TROUBLES[kind]}
        </StatusIndicator>
      ))}
    </SpaceBetween>
  );
}

/** Every alarm on API Gateway, what burns first. */
export function AlarmsTable() {
  const frame = useFrame();
  const now = useNow();
  const search = useSearch({ from: '/alarms' });
  const navigate = useNavigate({ from: '/alarms' });
  const invalidate = useInvalidate();
  const [page, setPage] = useState(1);
  const request: AlarmListRequest = {
    text: search.text ?? '',
    state: search.show === 'alarm' || search.show === 'insufficient-data' ? search.show : null,
    troubled: search.show === 'troubled',
    refresh: false,
    offset: (page - 1) * PAGE,
    limit: PAGE,
  };
  const query = useOperation('alarm_list', request);
  const list = query.data;
  const reading = useMutation({
    mutationFn: () => host.call('alarm_list', { ...request, refresh: true }),
    onSettled: invalidate,
  });
  const open = list?.items.find(line => alarmKey(line) === search.alarm);
  useEffect(() => {
    frame.setPanel(open ? <AlarmPanel key={alarmKey(open)} line={open} /> : null);
    return () => frame.setPanel(null);
  }, [open, frame]);

  const look = (change: AlarmsSearch) => {
    setPage(1);
    void navigate({ search: { ...search, ...change } });
  };
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const filtered = (search.text ?? '') !== '' || search.show !== undefined;
  const told = list
    ? [
        list.burning === 0 ? 'None is in alarm' : `${list.burning} in alarm`,
        ...(list.troubled > 0 ? [`something is wrong with ${list.troubled}`] : []),
        ...(list.readAt ? [`read ${ageOf(list.readAt, now)}`] : []),
      ].join(', ')
    : '';
  return (
    <SpaceBetween size="m">
      {reading.error !== null && <ErrorAlert error={reading.error} />}
      {list && <GapsAlert coverage={list.coverage} heading="The alarms could not be read" />}
      <Table
        variant="container"
        wrapLines
        data-testid="alarms-table"
        header={
          <Header
            variant="h1"
            counter={list ? (filtered ? `(${list.matching}/${list.total})` : `(${list.total})`) : ''}
            description={told}
            actions={
              <Button iconName="refresh" loading={reading.isPending} onClick={() => reading.mutate()}>
                Read again
              </Button>
            }
          >
            Alarms
          </Header>
        }
        filter={
          <FilterBar>
            <div data-testid="alarms-filter">
              <TextFilter
                filteringText={search.text ?? ''}
                filteringPlaceholder="Name, API, metric, description"
                filteringAriaLabel="Find alarms"
                onChange={({ detail }) => look({ text: detail.filteringText })}
              />
            </div>
            <Select
              inlineLabelText="Show"
              data-testid="alarms-show"
              selectedOption={SHOWN.find(one => one.value === (search.show ?? 'all')) ?? null}
              options={SHOWN}
              onChange={({ detail }) => {
                const { show: _, ...rest } = search;
                const show = detail.selectedOption.value;
                setPage(1);
                void navigate({ search: show === 'all' ? rest : { ...rest, show: show as NonNullable<AlarmsSearch['show']> } });
              }}
            />
          </FilterBar>
        }
        pagination={<Pages page={page} items={list?.matching ?? 0} size={PAGE} go={setPage} />}
        loading={query.isPending}
        loadingText="Reading the alarms"
        ariaLabels={{ tableLabel: 'Alarms' }}
        trackBy={alarmKey}
        items={list?.items ?? []}
        empty={
          list && !list.coverage.complete ? (
            <EmptyState title="No alarm is known">They could not be read: there may be some.</EmptyState>
          ) : filtered ? (
            <EmptyState title="No alarm matches" />
          ) : (
            <EmptyState
              title="No alarms on API Gateway"
              action={<Button onClick={() => void navigate({ search: { tab: 'coverage' } })}>Create the missing ones</Button>}
            >
              Customers are the monitoring.
            </EmptyState>
          )
        }
        columnDisplay={['state', 'since', 'name', 'watches', 'tells', 'wrong'].map(id => ({
          id,
          visible: open === undefined || ['state', 'name', 'watches'].includes(id),
        }))}
        columnDefinitions={[
          { id: 'state', header: 'State', cell: line => <AlarmStateWords state={line.alarm.state} />, width: 150 },
          {
            id: 'since',
            header: 'Since',
            cell: line => (line.alarm.since ? <span title={momentOf(line.alarm.since)}>{ageOf(line.alarm.since, now)}</span> : 'not known'),
            width: 110,
          },
          {
            id: 'name',
            header: 'Alarm',
            isRowHeader: true,
            minWidth: 200,
            cell: line => (
              <Link onFollow={() => look({ alarm: alarmKey(line) })}>
                <Foreign text={line.alarm.name} />
              </Link>
            ),
          },
          { id: 'watches', header: 'Watches', cell: line => <Foreign text={line.watches} />, minWidth: 280 },
          { id: 'tells', header: 'Tells', cell: line => <Tells line={line} />, width: 170 },
          { id: 'wrong', header: 'Problems', cell: line => <Wrong line={line} />, width: 200 },
        ]}
      />
    </SpaceBetween>
  );
}
