import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

import type { ChangeEvent, EventList } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { Pages } from '../../shared/Pages';
import { EventOutcomeWords } from './EventOutcomeWords';
import { EventPanel } from './EventPanel';
import { EventsFilter } from './EventsFilter';
import { QuestionBar } from './QuestionBar';
import { PAGE, filterOf, intervalOf, requestOf } from './search';
import type { TimelineSearch } from './search';
import { CLIENTS, coveredWords, eventKey, holeWords } from './words';
import './timeline.css';

/** What changed, who changed it and with what, from CloudTrail; what this console made is recognised by its journal. */
export function TimelineView() {
  const frame = useFrame();
  const search = useSearch({ from: '/changes' });
  const navigate = useNavigate({ from: '/changes' });
  const invalidate = useInvalidate();
  // Relative times are relative to when they were asked for, else every drawing would be another question.
  const [now, setNow] = useState(() => Date.now());
  const [chosen, setChosen] = useState<ChangeEvent | null>(null);
  const change = (changed: Partial<TimelineSearch>) =>
    void navigate({ search: before => ({ ...before, page: undefined, ...changed }), replace: true });
  const query = useOperation('event_list', requestOf(search, now));
  const list = query.data;
  const { since } = intervalOf(search, now);
  const fetching = useMutation({
    mutationFn: () => host.call('event_refresh', { since }),
    onSettled: () => {
      setNow(Date.now());
      return invalidate();
    },
  });
  const stop = useMutation({ mutationFn: () => host.call('event_cancel', {}) });

  // Once per visit: what happened since the last one.
  const { mutate } = fetching;
  const asking = useRef(false);
  useEffect(() => {
    if (asking.current) return;
    asking.current = true;
    mutate();
  }, [mutate]);

  useEffect(() => {
    const openEntry = (entry: string) => void navigate({ to: '/journal', search: { entry } });
    const ask = (asked: TimelineSearch) => {
      setChosen(null);
      void navigate({ search: asked });
    };
    frame.setPanel(chosen === null ? null : <EventPanel key={eventKey(chosen)} event={chosen} openEntry={openEntry} ask={ask} />);
    return () => frame.setPanel(null);
  }, [chosen, frame, navigate]);

  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const filter = filterOf(search);
  const lacking = lacks(search);
  const filtered = list !== undefined && list.matching < list.total;
  return (
    <SpaceBetween size="m">
      {fetching.error !== null && <ErrorAlert error={fetching.error} retry={() => mutate()} />}
      {list && <Unknown list={list} busy={fetching.isPending} fetch={() => mutate()} />}
      <Table
        variant="container"
        wrapLines
        data-testid="timeline"
        header={
          <Header
            variant="h1"
            counter={list && !lacking ? (filtered ? `(${list.matching}/${list.total})` : `(${list.total})`) : ''}
            description={list ? coveredWords(list) : ''}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {fetching.isPending && (
                  <Button loading={stop.isPending} onClick={() => stop.mutate()}>
                    Stop
                  </Button>
                )}
                <Button
                  iconName="refresh"
                  loading={fetching.isPending}
                  loadingText={list?.fetching ? `Fetching: ${list.fetching} so far` : 'Fetching'}
                  onClick={() => mutate()}
                >
                  {fetching.isPending && list?.fetching ? `${list.fetching} fetched` : 'Fetch'}
                </Button>
              </SpaceBetween>
            }
          >
            Changes
          </Header>
        }
        filter={
          <SpaceBetween size="s">
            <QuestionBar search={search} facets={list?.facets} onChange={change} />
            <EventsFilter
              search={search}
              facets={list?.facets}
              matching={filtered && !lacking ? list.matching : undefined}
              onChange={change}
            />
            {filter.question === 'outside-ci' && list && (
              <Box variant="small" color="text-body-secondary">
                CI is what has a user agent like {list.ci['user-agents'].join(', ') || 'none'}, or a principal like{' '}
                {list.ci.principals.join(', ') || 'none'}; never somebody in the AWS console. settings.toml, [ci].
              </Box>
            )}
          </SpaceBetween>
        }
        pagination={
          <Pages page={search.page ?? 1} items={list && !lacking ? list.matching : 0} size={PAGE} go={page => change({ page })} />
        }
        loading={query.isPending || (fetching.isPending && list?.items.length === 0)}
        loadingText="Asking CloudTrail: two calls a second"
        ariaLabels={{ tableLabel: 'Configuration changes' }}
        trackBy={eventKey}
        items={lacking ? [] : (list?.items ?? [])}
        empty={<Nothing lacking={lacking} list={list} />}
        columnDisplay={['when', 'what', 'who', 'with', 'outcome', 'made'].map(id => ({
          id,
          // Beside an open event there is room for what tells the lines apart.
          visible: chosen === null || ['when', 'what', 'who'].includes(id),
        }))}
        columnDefinitions={[
          { id: 'when', header: 'When', cell: event => momentOf(event.at), width: 170 },
          {
            id: 'what',
            header: 'What',
            isRowHeader: true,
            cell: event => (
              <Link onFollow={() => setChosen(event)}>
                <Foreign text={event.what} />
              </Link>
            ),
            minWidth: 280,
          },
          {
            id: 'who',
            header: 'Who',
            cell: event => (
              <>
                <Foreign text={event.who} /> {event.root && <Badge color="red">root</Badge>}
              </>
            ),
            minWidth: 180,
          },
          { id: 'with', header: 'With', cell: event => CLIENTS[event.client], width: 140 },
          { id: 'outcome', header: 'Outcome', cell: event => <EventOutcomeWords event={event} />, width: 120 },
          {
            id: 'made',
            header: 'Made',
            cell: event =>
              !event.journalEntry ? <Box color="text-body-secondary">elsewhere</Box> : <Badge color="blue">this console</Badge>,
            width: 130,
          },
        ]}
      />
    </SpaceBetween>
  );
}

/** What is not known of the time that is shown. */
function Unknown({ list, busy, fetch }: { list: EventList; busy: boolean; fetch: () => void }) {
  const gaps = list.coverage.gaps;
  const holes = holeWords(list);
  if (busy || (gaps.length === 0 && holes.length === 0)) return null;
  return (
    <Alert type="warning" header="Not all of this time is known" action={<Button onClick={fetch}>Fetch it</Button>}>
      What happened then may be missing below.
      <ul className="timeline-gaps">
        {holes.map(hole => (
          <li key={hole.key}>{visible(hole.text)}</li>
        ))}
        {gaps.map(gap => (
          <li key={`${gap.context} ${gap.resource}`}>
            {visible(gap.message)}
            {gap.requestId && ` Request id ${visible(gap.requestId)}.`}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** What a question still needs before it can be answered: without it every change would be shown as if it were the answer. */
function lacks(search: TimelineSearch): string | undefined {
  if ((search.ask === 'before' || search.ask === 'around') && !search.moment) return 'Choose an alarm or a moment';
  if (search.ask === 'principal' && !search.principals) return 'Choose somebody';
  return undefined;
}

function Nothing({ lacking, list }: { lacking: string | undefined; list: EventList | undefined }) {
  if (lacking) return <EmptyState title={lacking} />;
  if (list && list.total > 0) return <EmptyState title="No change matches" />;
  return <EmptyState title="No changes are known">In the time that is covered: what is not covered may hold some.</EmptyState>;
}
