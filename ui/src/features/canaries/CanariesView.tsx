import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import Toggle from '@cloudscape-design/components/toggle';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import type { CanaryLine } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { CanaryPanel } from './CanaryPanel';
import { DemoClock } from './DemoClock';
import { CanaryStateWords, isAttached, stageOf } from './states';

/** What the address says of this view. */
export interface CanariesSearch {
  stage?: string;
  all?: boolean;
}

export function readCanariesSearch(search: Record<string, unknown>): CanariesSearch {
  return {
    ...(typeof search.stage === 'string' ? { stage: search.stage } : {}),
    ...(search.all === true ? { all: true } : {}),
  };
}

function keyOf(line: CanaryLine): string {
  return `${line.context}/${line.apiId}/${line.stage}`;
}

function wordsOf(line: CanaryLine): string {
  return [line.apiName, line.apiId, line.stage, line.context, line.account, line.region, line.release.state].join(' ').toLowerCase();
}

/** Every canary of every context, those that need attention first. */
export function CanariesView() {
  const search = useSearch({ from: '/canaries' });
  const navigate = useNavigate({ from: '/canaries' });
  const frame = useFrame();
  const [text, setText] = useState('');
  const all = search.all ?? false;
  const query = useOperation('canary_list', { everyStage: true });
  const every = query.data?.items ?? [];
  const shown = all ? every : every.filter(isAttached);
  const items = shown.filter(line => wordsOf(line).includes(text.trim().toLowerCase()));
  const open = every.find(line => keyOf(line) === search.stage);
  useEffect(() => {
    frame.setPanel(open ? <CanaryPanel key={keyOf(open)} line={open} /> : null);
    return () => frame.setPanel(null);
  }, [open, frame]);
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  return (
    <Table
      variant="container"
      wrapLines
      stickyColumns={{ first: 1, last: 1 }}
      data-testid="canaries"
      header={
        <Header
          variant="h1"
          counter={`(${items.length})`}
          description="Those that need attention come first. Roll one back from anywhere with Shift + B."
          actions={
            <SpaceBetween direction="horizontal" size="m" alignItems="center">
              <DemoClock />
              <Toggle
                checked={all}
                onChange={({ detail }) =>
                  void navigate({
                    search: { ...(search.stage ? { stage: search.stage } : {}), ...(detail.checked ? { all: true } : {}) },
                  })
                }
              >
                Stages without a canary
              </Toggle>
            </SpaceBetween>
          }
        >
          Canaries
        </Header>
      }
      filter={
        shown.length > 5 && (
          <div data-testid="canaries-filter">
            <TextFilter
              filteringText={text}
              filteringPlaceholder="Find a stage"
              filteringAriaLabel="Find a stage"
              onChange={({ detail }) => setText(detail.filteringText)}
            />
          </div>
        )
      }
      loading={query.isPending}
      loadingText="Reading canaries"
      ariaLabels={{ tableLabel: 'Canaries' }}
      trackBy={keyOf}
      items={items}
      empty={
        text.trim() === '' ? (
          <EmptyState title="No canaries">
            No stage sends a share of its requests to a candidate. Show stages without a canary to start one.
          </EmptyState>
        ) : (
          <EmptyState title="No matches">No stage has these letters.</EmptyState>
        )
      }
      columnDefinitions={[
        { id: 'state', header: 'State', cell: line => <CanaryStateWords line={line} />, minWidth: 150 },
        {
          id: 'stage',
          header: 'Stage',
          isRowHeader: true,
          minWidth: 150,
          cell: line => (
            <Link onFollow={() => void navigate({ search: { stage: keyOf(line), ...(all ? { all } : {}) } })}>
              <Foreign text={`${line.apiName}, ${line.stage}`} />
            </Link>
          ),
        },
        { id: 'share', header: 'Share', cell: line => (isAttached(line) ? `${line.release.percent} %` : '–'), minWidth: 70 },
        { id: 'baseline', header: 'Baseline', cell: line => line.baselineDeployment ?? '–', minWidth: 90 },
        { id: 'candidate', header: 'Candidate', cell: line => line.candidateDeployment ?? '–', minWidth: 90 },
        { id: 'changed', header: 'Stage changed', cell: line => momentOf(line.lastUpdated) || '–', minWidth: 120 },
        { id: 'where', header: 'Account and region', cell: line => `${line.account} ${line.region}`, minWidth: 140 },
        {
          id: 'act',
          header: '',
          minWidth: 130,
          cell: line =>
            isAttached(line) && (
              <Button
                variant="inline-link"
                iconName="undo"
                ariaLabel={`Roll back ${line.apiName}, ${line.stage}`}
                onClick={() => frame.rollBack(stageOf(line))}
              >
                Roll back
              </Button>
            ),
        },
      ]}
    />
  );
}
