import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Alert from '@cloudscape-design/components/alert';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import type { JournalFormat, JournalState } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { useAttempt } from '../../shared/attempt';
import { FilterBar } from '../../shared/FilterBar';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { Pages } from '../../shared/Pages';
import { JournalPanel } from './JournalPanel';
import { StateWords, STATES } from './states';
import { useAgain } from './useAgain';

const PAGE = 50;

/** What the address says of this view. */
export interface JournalSearch {
  entry?: string;
  undo?: boolean;
}

export function readJournalSearch(search: Record<string, unknown>): JournalSearch {
  return {
    ...(typeof search.entry === 'string' ? { entry: search.entry } : {}),
    ...(search.undo === true ? { undo: true } : {}),
  };
}

/** Every change that was made with this console, latest first. */
export function JournalView() {
  const search = useSearch({ from: '/journal' });
  const navigate = useNavigate({ from: '/journal' });
  const frame = useFrame();
  const attempt = useAttempt();
  const [text, setText] = useState('');
  const [state, setState] = useState<JournalState | null>(null);
  const [page, setPage] = useState(1);
  const query = useOperation('journal_list', { text, outcome: state, offset: (page - 1) * PAGE, limit: PAGE });
  const list = query.data;
  useAgain(list?.lines.some(line => line.state === 'running') ?? false, query.refetch);

  const { entry, undo } = search;
  useEffect(() => {
    const close = () => void navigate({ search: {} });
    const show = (next: string) => void navigate({ search: { entry: next } });
    frame.setPanel(
      entry ? <JournalPanel key={`${entry}${undo ?? ''}`} entry={entry} undo={undo ?? false} close={close} show={show} /> : null,
    );
    return () => frame.setPanel(null);
  }, [entry, undo, frame, navigate]);

  const verify = () =>
    attempt(async () => {
      const verdict = await host.call('journal_verify', {});
      if (verdict.whole) frame.notify('success', `The journal is whole: ${verdict.records} records.`);
      else frame.notify('error', `The journal is not as it was written: ${visible(verdict.fault ?? '')}.`);
    });
  const exportTo = (format: JournalFormat) =>
    attempt(async () => {
      const path = await host.chooseSavePath(`journal.${format}`);
      if (path === null) return;
      const written = await host.call('journal_export', { format, path });
      frame.notify('success', `${written.lines} lines were written to ${visible(written.path)}.`);
    });

  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const filtered = text !== '' || state !== null;
  return (
    <SpaceBetween size="m">
      {list !== undefined && list.unfinished > 0 && (
        <Alert
          type="warning"
          header={list.unfinished === 1 ? 'One change was interrupted' : `${list.unfinished} changes were interrupted`}
          action={<Button onClick={() => setState('unfinished')}>Show</Button>}
        >
          The program ended in the middle. Open it to see what AWS really has, then finish it or take it back.
        </Alert>
      )}
      <Table
        variant="container"
        wrapLines
        data-testid="journal"
        header={
          <Header
            variant="h1"
            counter={list ? (filtered ? `(${list.matching}/${list.total})` : `(${list.total})`) : ''}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={verify}>Verify</Button>
                <ButtonDropdown
                  items={[
                    { id: 'jsonl', text: 'JSON Lines, with hashes' },
                    { id: 'csv', text: 'CSV' },
                  ]}
                  onItemClick={({ detail }) => exportTo(detail.id as JournalFormat)}
                >
                  Export
                </ButtonDropdown>
              </SpaceBetween>
            }
          >
            Journal
          </Header>
        }
        filter={
          <FilterBar>
            <div data-testid="journal-filter">
              <TextFilter
                filteringText={text}
                filteringPlaceholder="Title, reason, who, context"
                filteringAriaLabel="Find changes"
                onChange={({ detail }) => {
                  setText(detail.filteringText);
                  setPage(1);
                }}
              />
            </div>
            <Select
              inlineLabelText="State"
              selectedOption={state === null ? { label: 'Any', value: '' } : { label: STATES[state].text, value: state }}
              options={[{ label: 'Any', value: '' }, ...Object.entries(STATES).map(([value, words]) => ({ value, label: words.text }))]}
              onChange={({ detail }) => {
                setState((detail.selectedOption.value || null) as JournalState | null);
                setPage(1);
              }}
            />
          </FilterBar>
        }
        pagination={<Pages page={page} items={list?.matching ?? 0} size={PAGE} go={setPage} />}
        loading={query.isPending}
        loadingText="Reading the journal"
        ariaLabels={{ tableLabel: 'Changes' }}
        trackBy="id"
        items={list?.lines ?? []}
        empty={
          filtered ? (
            <EmptyState title="No change matches" />
          ) : (
            <EmptyState title="No changes yet">
              What is changed with this console is kept here, with who, when, why and the way back.
            </EmptyState>
          )
        }
        columnDisplay={['when', 'state', 'what', 'context', 'who', 'why'].map(id => ({
          id,
          // Beside an open entry there is room for what tells the lines apart.
          visible: entry === undefined || ['when', 'state', 'what'].includes(id),
        }))}
        columnDefinitions={[
          {
            id: 'when',
            header: 'When',
            cell: line => momentOf(line.openedAt),
            width: 170,
          },
          { id: 'state', header: 'State', cell: line => <StateWords state={line.state} />, width: 150 },
          {
            id: 'what',
            header: 'What',
            isRowHeader: true,
            cell: line => (
              <Link onFollow={() => void navigate({ search: { entry: line.id } })}>
                <Foreign text={line.title} />
              </Link>
            ),
            minWidth: 240,
          },
          { id: 'context', header: 'Context', cell: line => <Foreign text={line.contexts.join(', ')} />, width: 140 },
          { id: 'who', header: 'Who', cell: line => <Foreign text={line.actor.localUser} />, width: 110 },
          { id: 'why', header: 'Why', minWidth: 120, cell: line => <Foreign text={line.reason || '–'} /> },
        ]}
      />
    </SpaceBetween>
  );
}
