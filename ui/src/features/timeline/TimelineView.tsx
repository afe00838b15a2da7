import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

import type { ChangeEvent } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { EventOutcomeWords } from './EventOutcomeWords';
import { EventPanel } from './EventPanel';
import { CLIENTS, QUESTIONS, asked, coveredWords, eventKey } from './words';
import type { Question } from './words';
import './timeline.css';

const PAGE = 50;

/** What changed, who changed it and with what, from CloudTrail; what this console made is recognised by its journal. */
export function TimelineView() {
  const frame = useFrame();
  const navigate = useNavigate();
  const invalidate = useInvalidate();
  const [text, setText] = useState('');
  const [question, setQuestion] = useState<Question>('all');
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<ChangeEvent | null>(null);
  const request = { text, ...asked(question), since: null, until: null, offset: (page - 1) * PAGE, limit: PAGE };
  const query = useOperation('event_list', request);
  const list = query.data;
  const fetching = useMutation({ mutationFn: () => host.call('event_refresh', {}), onSettled: invalidate });

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
    frame.setPanel(chosen === null ? null : <EventPanel key={eventKey(chosen)} event={chosen} openEntry={openEntry} />);
    return () => frame.setPanel(null);
  }, [chosen, frame, navigate]);

  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const filtered = text !== '' || question !== 'all';
  const gaps = list?.coverage.gaps ?? [];
  return (
    <SpaceBetween size="m">
      {fetching.error !== null && <ErrorAlert error={fetching.error} retry={() => mutate()} />}
      {gaps.length > 0 && (
        <Alert type="warning" header="CloudTrail could not be read to the end">
          <ul className="timeline-gaps">
            {gaps.map(gap => (
              <li key={`${gap.context} ${gap.resource}`}>
                {visible(gap.message)}
                {gap.requestId && ` Request id ${visible(gap.requestId)}.`}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <Table
        variant="container"
        wrapLines
        data-testid="timeline"
        header={
          <Header
            variant="h1"
            counter={list ? (filtered ? `(${list.matching}/${list.total})` : `(${list.total})`) : ''}
            description={list ? coveredWords(list) : ''}
            actions={
              <Button iconName="refresh" loading={fetching.isPending} onClick={() => mutate()}>
                Fetch
              </Button>
            }
          >
            Changes
          </Header>
        }
        filter={
          <SpaceBetween direction="horizontal" size="xs">
            <div data-testid="timeline-filter">
              <TextFilter
                filteringText={text}
                filteringPlaceholder="Who, what, API, address"
                filteringAriaLabel="Find changes"
                onChange={({ detail }) => {
                  setText(detail.filteringText);
                  setPage(1);
                }}
              />
            </div>
            <Select
              inlineLabelText="Show"
              data-testid="timeline-question"
              selectedOption={QUESTIONS.filter(one => one.id === question).map(one => ({ value: one.id, label: one.text }))[0] ?? null}
              options={QUESTIONS.map(one => ({ value: one.id, label: one.text }))}
              onChange={({ detail }) => {
                setQuestion(detail.selectedOption.value as Question);
                setPage(1);
              }}
            />
          </SpaceBetween>
        }
        pagination={
          list && list.matching > PAGE ? (
            <Pagination
              currentPageIndex={page}
              pagesCount={Math.ceil(list.matching / PAGE)}
              onChange={({ detail }) => setPage(detail.currentPageIndex)}
            />
          ) : undefined
        }
        loading={query.isPending || (fetching.isPending && list?.items.length === 0)}
        loadingText="Asking CloudTrail: two calls a second"
        ariaLabels={{ tableLabel: 'Configuration changes' }}
        trackBy={eventKey}
        items={list?.items ?? []}
        empty={
          filtered ? (
            <EmptyState title="No change matches" />
          ) : (
            <EmptyState title="No changes are known">In the time that is covered: what is not covered may hold some.</EmptyState>
          )
        }
        columnDisplay={['when', 'what', 'who', 'with', 'outcome', 'made'].map(id => ({
          id,
          // Beside an open event there is room for what tells the lines apart.
          visible: chosen === null || ['when', 'what', 'who'].includes(id),
        }))}
        columnDefinitions={[
          {
            id: 'when',
            header: 'When',
            cell: event => new Date(event.at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
            width: 170,
          },
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
