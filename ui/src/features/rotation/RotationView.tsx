import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';

import type { Plan, RotationBatch, RotationQuery, RotationRow, RotationStage, RotationState } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useAttempt } from '../../shared/attempt';
import { FilterBar } from '../../shared/FilterBar';
import { useNow } from '../../shared/now';
import { EmptyState, ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { Pages } from '../../shared/Pages';
import { PlanDialog } from '../changes/PlanDialog';
import { BatchDialog } from './BatchDialog';
import { columns } from './columns';
import { RevealModal } from './RevealModal';
import { OverrideModal, StartModal } from './StageModals';
import { ROTATION_STATES, STAGES } from './words';

const PAGE = 50;

/** What the address says of this view. */
export interface RotationSearch {
  text?: string;
}

export function readRotationSearch(search: Record<string, unknown>): RotationSearch {
  return typeof search.text === 'string' ? { text: search.text } : {};
}

type Show = 'all' | 'under-way' | 'late' | RotationState;

const UNDER_WAY = (Object.keys(ROTATION_STATES) as RotationState[]).filter(state => state !== 'not-started');

function queryOf(text: string, show: Show, lateAfter: number): RotationQuery {
  const query: RotationQuery = { text, keyIds: [], states: [] };
  if (show === 'under-way') return { ...query, states: UNDER_WAY };
  if (show === 'late') return { ...query, states: ['not-started'], olderThanDays: lateAfter + 1 };
  return show === 'all' ? query : { ...query, states: [show] };
}

type Dialog =
  | { kind: 'start'; rows: RotationRow[] }
  | { kind: 'override'; row: RotationRow; stage: RotationStage }
  | { kind: 'reveal'; row: RotationRow; keyId: string; keyName: string };

/** The stages that can follow where a row stands, besides the next one. */
function others(row: RotationRow): RotationStage[] {
  if (!row.newKey) return [];
  const stages: RotationStage[] = row.enabled ? ['settle', 'abandon'] : ['settle', 'enable'];
  return stages.filter(stage => stage !== row.next);
}

/** The worklist: every key with its age, its last use and its due date, and where its rotation stands. */
export function RotationView() {
  const text = useSearch({ from: '/rotation' }).text ?? '';
  const navigate = useNavigate({ from: '/rotation' });
  const attempt = useAttempt();
  const invalidate = useInvalidate();
  const now = useNow();
  const [show, setShow] = useState<Show>('all');
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<RotationRow[]>([]);
  const [reading, setReading] = useState(false);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [batch, setBatch] = useState<RotationBatch | null>(null);
  const [lateAfter, setLateAfter] = useState(90);
  const query = queryOf(text, show, lateAfter);
  const worklist = useOperation('rotation_list', { query, offset: (page - 1) * PAGE, limit: PAGE, afresh: false });
  const list = worklist.data;
  if (list && list.policy.rotateAfterDays !== lateAfter) setLateAfter(list.policy.rotateAfterDays);
  const rows = list?.rows ?? [];
  const selected = rows.filter(row => chosen.some(one => one.id === row.id) && row.next === 'start');

  const refresh = () =>
    attempt(async () => {
      setReading(true);
      try {
        await host.call('rotation_list', { query, offset: 0, limit: 1, afresh: true });
        await invalidate();
      } finally {
        setReading(false);
      }
    });
  const made = async (row: RotationRow, stage: RotationStage, more: { overlapDays?: number; overrideReason?: string } = {}) => {
    setPlan(await host.call('key_rotate', { context: row.context, keyId: row.keyId, stage, ...more }));
    setDialog(null);
  };
  const take = (row: RotationRow, stage: RotationStage) => {
    if (stage === 'start') setDialog({ kind: 'start', rows: [row] });
    else if (stage === row.next && row.held.length > 0) setDialog({ kind: 'override', row, stage });
    else attempt(() => made(row, stage));
  };
  const begin = async (of: RotationRow[], overlapDays: number) => {
    const [first] = of;
    if (!first) return;
    if (of.length === 1) {
      await made(first, 'start', { overlapDays });
      return;
    }
    const keyIds = of.map(row => row.keyId);
    setBatch(
      await host.call('rotation_plan', { context: first.context, stage: 'start', overlapDays, query: { text: '', keyIds, states: [] } }),
    );
    setDialog(null);
  };
  const actions = (row: RotationRow) => (
    <SpaceBetween direction="horizontal" size="xxs">
      {row.next && (
        <Button variant="inline-link" onClick={() => take(row, row.next ?? 'start')} ariaLabel={`${STAGES[row.next]}: ${row.keyName}`}>
          {STAGES[row.next]}
        </Button>
      )}
      <ButtonDropdown
        variant="inline-icon"
        expandToViewport
        ariaLabel={`More for ${row.keyName}`}
        items={[
          ...others(row).map(stage => ({ id: stage, text: STAGES[stage] })),
          ...(row.newKey ? [{ id: 'reveal-new', text: "Hand the new key's value over" }] : []),
          { id: 'reveal-old', text: row.newKey ? "Show the old key's value" : "Show the key's value" },
        ]}
        onItemClick={({ detail }) => {
          if (detail.id === 'reveal-old') setDialog({ kind: 'reveal', row, keyId: row.keyId, keyName: row.keyName });
          else if (detail.id === 'reveal-new' && row.newKey)
            setDialog({ kind: 'reveal', row, keyId: row.newKey.id, keyName: row.newKey.name });
          else take(row, detail.id as RotationStage);
        }}
      />
    </SpaceBetween>
  );

  if (worklist.error) return <ErrorAlert error={worklist.error} retry={() => void worklist.refetch()} />;
  const filtered = text !== '' || show !== 'all';
  const oneContext = new Set(selected.map(row => row.context)).size <= 1;
  return (
    <SpaceBetween size="m">
      {list && <GapsAlert coverage={list.coverage} />}
      <Table<RotationRow>
        variant="container"
        data-testid="rotation"
        wrapLines
        header={
          <Header
            variant="h1"
            counter={list ? `(${list.matching})` : ''}
            description={
              list
                ? `${list.underWay} under way, ${list.late} late. A key is due after ${list.policy.rotateAfterDays} days. ` +
                  `Use is counted by the day and lags by up to 40 minutes${list.readAt ? `; read ${ageOf(list.readAt, now)}` : ''}.`
                : 'Use is counted by the day and lags by up to 40 minutes.'
            }
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  disabled={selected.length === 0 || !oneContext}
                  disabledReason={oneContext ? 'Select keys without a rotation.' : 'A batch is for one context.'}
                  onClick={() => setDialog({ kind: 'start', rows: selected })}
                >
                  {selected.length > 1 ? `Begin rotation of ${selected.length} keys` : 'Begin rotation'}
                </Button>
                <Button iconName="refresh" loading={reading} onClick={refresh}>
                  Read again
                </Button>
              </SpaceBetween>
            }
          >
            Rotation
          </Header>
        }
        filter={
          <FilterBar>
            <div data-testid="rotation-filter">
              <TextFilter
                filteringText={text}
                filteringPlaceholder="Tenant, key, customer, tag, plan"
                filteringAriaLabel="Find keys"
                onChange={({ detail }) => {
                  void navigate({ to: '/rotation', search: detail.filteringText ? { text: detail.filteringText } : {}, replace: true });
                  setPage(1);
                }}
              />
            </div>
            <Select
              inlineLabelText="Show"
              selectedOption={OPTIONS.find(option => option.value === show) ?? null}
              options={OPTIONS}
              onChange={({ detail }) => {
                setShow(detail.selectedOption.value as Show);
                setPage(1);
              }}
            />
          </FilterBar>
        }
        pagination={<Pages page={page} items={list?.matching ?? 0} size={PAGE} go={setPage} />}
        loading={worklist.isPending}
        loadingText="Reading keys, plans and usage"
        selectionType="multi"
        selectedItems={selected}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems)}
        isItemDisabled={row => row.next !== 'start'}
        ariaLabels={{
          tableLabel: 'Keys and their rotations',
          itemSelectionLabel: (_, row) => row.keyName,
          allItemsSelectionLabel: () => 'All keys without a rotation on this page',
          selectionGroupLabel: 'Key',
        }}
        trackBy="id"
        items={rows}
        empty={
          filtered ? (
            <EmptyState title="No key matches" />
          ) : (
            <EmptyState title="No API keys">Keys that are listed here can be replaced without an outage.</EmptyState>
          )
        }
        columnDefinitions={columns(actions)}
      />
      {dialog?.kind === 'start' && (
        <StartModal
          keys={dialog.rows.length}
          usualDays={list?.policy.overlapDays ?? 7}
          review={days => begin(dialog.rows, days)}
          close={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'override' && (
        <OverrideModal
          header={STAGES[dialog.stage]}
          held={dialog.row.held}
          review={reason => made(dialog.row, dialog.stage, { overrideReason: reason })}
          close={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'reveal' && (
        <RevealModal keyId={dialog.keyId} keyName={dialog.keyName} context={dialog.row.context} close={() => setDialog(null)} />
      )}
      {plan && <PlanDialog plan={plan} close={() => setPlan(null)} />}
      {batch && <BatchDialog batch={batch} close={() => setBatch(null)} />}
      <Box variant="small" color="text-body-secondary">
        <Foreign text="New keys stand in the row of the key whose place they take." />
      </Box>
    </SpaceBetween>
  );
}

const OPTIONS: { value: Show; label: string }[] = [
  { value: 'all', label: 'All keys' },
  { value: 'under-way', label: 'Under way' },
  { value: 'late', label: 'Late' },
  ...(Object.entries(ROTATION_STATES) as [RotationState, { text: string }][]).map(([value, words]) => ({ value, label: words.text })),
];
