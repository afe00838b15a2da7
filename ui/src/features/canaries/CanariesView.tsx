import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import type { CanaryLine, CanaryState } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { CanaryPanel } from './CanaryPanel';

const STATES: Record<CanaryState, { text: string; type: StatusIndicatorProps.Type }> = {
  breached: { text: 'Breached', type: 'error' },
  stale: { text: 'Stale', type: 'warning' },
  promoted: { text: 'Promoted, still attached', type: 'warning' },
  attached: { text: 'Attached, same deployment', type: 'info' },
  running: { text: 'Running', type: 'in-progress' },
  analysing: { text: 'Analysing', type: 'loading' },
  none: { text: 'None', type: 'stopped' },
};

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

/** Every canary, those that need attention first. */
export function CanariesView() {
  const search = useSearch({ from: '/canaries' });
  const navigate = useNavigate({ from: '/canaries' });
  const frame = useFrame();
  const [all, setAll] = useState(search.all ?? false);
  const query = useOperation('canary_list', { everyStage: true });
  const every = query.data?.items ?? [];
  const items = all ? every.filter(line => line.apiKind === 'REST') : every.filter(line => line.release.state !== 'none');
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
      data-testid="canaries"
      header={
        <Header
          variant="h1"
          counter={`(${items.length})`}
          actions={
            <Toggle checked={all} onChange={({ detail }) => setAll(detail.checked)}>
              Stages without a canary
            </Toggle>
          }
        >
          Canaries
        </Header>
      }
      loading={query.isPending}
      loadingText="Reading canaries"
      ariaLabels={{ tableLabel: 'Canaries' }}
      trackBy={keyOf}
      items={items}
      empty={
        <EmptyState title="No canaries">
          No stage sends a share of its requests to a candidate. Show stages without a canary to start one.
        </EmptyState>
      }
      columnDefinitions={[
        {
          id: 'state',
          header: 'State',
          cell: line => <StatusIndicator type={STATES[line.release.state].type}>{STATES[line.release.state].text}</StatusIndicator>,
          minWidth: 130,
        },
        { id: 'share', header: 'Share', cell: line => (line.release.state === 'none' ? '–' : `${line.release.percent} %`) },
        {
          id: 'stage',
          header: 'Stage',
          isRowHeader: true,
          cell: line => (
            <Link onFollow={() => void navigate({ search: { stage: keyOf(line), ...(all ? { all } : {}) } })}>
              <Foreign text={`${line.apiName}, ${line.stage}`} />
            </Link>
          ),
        },
        { id: 'baseline', header: 'Baseline', cell: line => line.baselineDeployment ?? '–' },
        { id: 'candidate', header: 'Candidate', cell: line => line.candidateDeployment ?? '–' },
        { id: 'where', header: 'Account and region', cell: line => `${line.account} ${line.region}` },
      ]}
    />
  );
}
