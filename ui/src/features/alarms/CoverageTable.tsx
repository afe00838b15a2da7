import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { CoverCell, CoverageLine } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { EmptyState, ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { CreateAlarmsModal } from './CreateAlarmsModal';
import { SUBJECTS, VERDICTS } from './words';

const keyOf = ({ row }: CoverageLine) => `${row.context}/${row.apiId}/${row.stage}/${row.route ?? ''}`;

function Cell({ cell, context }: { cell: CoverCell; context: string }) {
  const navigate = useNavigate();
  const { type, text } = VERDICTS[cell.verdict];
  const [first, ...more] = cell.alarms;
  return (
    <>
      <StatusIndicator type={type}>{text}</StatusIndicator>
      {first && (
        <Box variant="small" display="block">
          <Link
            fontSize="body-s"
            onFollow={() => void navigate({ to: '/alarms', search: { alarm: `${context}/${first.name}`, text: first.name } })}
          >
            <Foreign text={first.name} />
          </Link>
          {more.length > 0 && ` and ${more.length} more`}
        </Box>
      )}
    </>
  );
}

/** For each stage and each of its sensitive routes: is there an alarm, and is anybody told? */
export function CoverageTable() {
  const navigate = useNavigate();
  const [routes, setRoutes] = useState(true);
  const [chosen, setChosen] = useState<CoverageLine[]>([]);
  const [creating, setCreating] = useState(false);
  const query = useOperation('alarm_coverage', { api: null, stage: null, refresh: false });
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const all = query.data?.items ?? [];
  const items = routes ? all : all.filter(line => !line.row.route);
  // What was chosen before the last reading is looked up in it: an alarm that was made meanwhile is not missing any more.
  const keys = new Set(chosen.map(keyOf));
  const selected = items.filter(line => keys.has(keyOf(line)));
  const missing = (selected.length > 0 ? selected : items).filter(line => line.missing.length > 0);
  const count = missing.reduce((sum, line) => sum + line.missing.length, 0);
  const subjectColumn = (at: number) => (line: CoverageLine) => {
    const cell = line.row.cells[at];
    return cell ? <Cell cell={cell} context={line.row.context} /> : '–';
  };
  return (
    <SpaceBetween size="m">
      {query.data && <GapsAlert coverage={query.data.coverage} heading="The alarms could not be read" />}
      <Table
        variant="container"
        wrapLines
        data-testid="coverage-table"
        selectionType="multi"
        selectedItems={selected}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems)}
        isItemDisabled={line => line.missing.length === 0}
        header={
          <Header
            variant="h1"
            counter={`(${items.length})`}
            description={
              query.data
                ? query.data.missing === 0
                  ? 'Every stage has its alarms.'
                  : `${query.data.missing} alarms are missing that AWS recommends for every stage.`
                : ''
            }
            actions={
              <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                <Toggle checked={routes} onChange={({ detail }) => setRoutes(detail.checked)}>
                  Sensitive routes
                </Toggle>
                <Button variant="primary" disabled={count === 0} onClick={() => setCreating(true)}>
                  {count === 1 ? 'Create the missing alarm' : `Create ${count} missing alarms`}
                </Button>
              </SpaceBetween>
            }
          >
            Coverage
          </Header>
        }
        loading={query.isPending}
        loadingText="Reading the alarms"
        ariaLabels={{
          tableLabel: 'Alarm coverage',
          selectionGroupLabel: 'Stages and routes',
          allItemsSelectionLabel: () => 'Every stage and route with an alarm missing',
          itemSelectionLabel: (_, line) => visible(`${line.row.apiName}/${line.row.stage} ${line.row.route ?? ''}`),
        }}
        trackBy={keyOf}
        items={items}
        empty={<EmptyState title="No stages">The open contexts have none that serve routes, or none could be read.</EmptyState>}
        columnDefinitions={[
          {
            id: 'where',
            header: 'Stage or route',
            isRowHeader: true,
            minWidth: 240,
            cell: ({ row }) => (
              <Box padding={{ left: row.route ? 'l' : 'n' }}>
                <Link
                  onFollow={() =>
                    void navigate({
                      to: '/metrics',
                      search: {
                        context: row.context,
                        api: row.apiId,
                        stage: row.stage,
                        ...(row.route ? { route: row.route } : {}),
                      },
                    })
                  }
                >
                  <Foreign text={row.route ?? `${row.apiName}/${row.stage}`} />
                </Link>
                <Box variant="small" display="block" color="text-body-secondary">
                  {row.route ? `${row.audience}, ${row.class}` : `${row.apiKind}, ${visible(row.context)}`}
                </Box>
              </Box>
            ),
          },
          { id: 'server-errors', header: SUBJECTS['server-errors'], cell: subjectColumn(0) },
          { id: 'client-errors', header: SUBJECTS['client-errors'], cell: subjectColumn(1) },
          { id: 'latency', header: SUBJECTS.latency, cell: subjectColumn(2) },
        ]}
      />
      {creating && <CreateAlarmsModal lines={missing} close={() => setCreating(false)} />}
    </SpaceBetween>
  );
}
