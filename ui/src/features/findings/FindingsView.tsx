import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';

import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { useAttempt } from '../../shared/attempt';
import { useNow } from '../../shared/now';
import { EmptyState, ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { Pages } from '../../shared/Pages';
import { FindingPanel } from './FindingPanel';
import './findings.css';
import { FindingsTable } from './FindingsTable';
import { PackButton } from './PackButton';
import type { FindingsSearch, State } from './search';
import { AUDIENCES, PAGE, SEVERITIES, queryOf } from './search';
import { SeverityTiles } from './SeverityTiles';
import { SEVERITY_WORDS } from './words';

const GROUPS = [
  { value: 'severity', label: 'Severity' },
  { value: 'audience', label: 'Audience' },
  { value: 'control', label: 'Control' },
  { value: 'api', label: 'API and stage' },
  { value: 'context', label: 'Account and region' },
  { value: 'none', label: 'No groups' },
];
const STATES = [
  { value: '', label: 'Failing or not known' },
  { value: 'new', label: 'New or back again' },
  { value: 'unknown', label: 'Not known' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'passing', label: 'Passing' },
];
const ANY = { value: '', label: 'All' };
const audiences = [ANY, ...AUDIENCES.map(value => ({ value, label: value }))];
const severities = [ANY, ...SEVERITIES.map(value => ({ value, label: SEVERITY_WORDS[value] }))];

/** What is wrong with the gateway, worst first, judged by whose the routes are. */
export function FindingsView() {
  const search = useSearch({ from: '/findings' });
  const navigate = useNavigate({ from: '/findings' });
  const frame = useFrame();
  const attempt = useAttempt();
  const invalidate = useInvalidate();
  const now = useNow();
  const [collapsed, setCollapsed] = useState<string[]>([]);
  const [checking, setChecking] = useState(false);

  const change = useCallback(
    (next: Partial<FindingsSearch>, replace = false) =>
      void navigate({ search: before => ({ ...before, page: undefined, ...next }), replace }),
    [navigate],
  );
  const query = useMemo(() => queryOf(search), [search]);
  const page = search.page ?? 1;
  const answer = useOperation('finding_list', { query, collapsed, offset: (page - 1) * PAGE, limit: PAGE });
  const list = answer.data;

  const check = useCallback(
    () =>
      attempt(async () => {
        setChecking(true);
        try {
          await host.call('posture_refresh', {});
          await invalidate();
        } finally {
          setChecking(false);
        }
      }),
    [attempt, invalidate],
  );

  const open = search.finding;
  useEffect(() => {
    frame.setPanel(open ? <FindingPanel key={open} id={open} /> : null);
    return () => frame.setPanel(null);
  }, [open, frame]);

  if (answer.error && !list) return <ErrorAlert error={answer.error} retry={() => void answer.refetch()} />;
  const filtered = Boolean(search.severity ?? search.audience ?? search.control ?? search.context ?? search.state ?? search.text);
  const clear = () =>
    change({ severity: undefined, audience: undefined, control: undefined, context: undefined, state: undefined, text: undefined });
  const run = list?.run;
  return (
    <SpaceBetween size="m">
      {list && <GapsAlert coverage={list.coverage} />}
      <Container
        disableContentPaddings
        header={
          <Header
            variant="h1"
            counter={list ? (filtered ? `(${list.matching}/${list.total})` : `(${list.total})`) : ''}
            description={
              run?.at
                ? `Checked ${ageOf(run.at, now)}${run.fixed.length > 0 ? `; ${run.fixed.length} fixed since the run before` : ''}`
                : 'Plans, keys and certificates were not read yet: Check now reads them and remembers the run.'
            }
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <PackButton />
                <Button variant="primary" iconName="refresh" loading={checking} onClick={check}>
                  {run?.at ? 'Check again' : 'Check now'}
                </Button>
              </SpaceBetween>
            }
          >
            Findings
          </Header>
        }
      >
        {run && <SeverityTiles run={run} chosen={search} choose={change} />}
        <div className="findings-tools">
          <div data-testid="findings-filter" className="findings-text">
            <TextFilter
              filteringText={search.text ?? ''}
              filteringPlaceholder="Find by control, route, API or words"
              filteringAriaLabel="Find findings"
              onChange={({ detail }) => change({ text: detail.filteringText || undefined }, true)}
            />
          </div>
          <Select
            inlineLabelText="Show"
            options={STATES}
            selectedOption={STATES.find(state => state.value === (search.state ?? '')) ?? null}
            onChange={({ detail }) => change({ state: (detail.selectedOption.value || undefined) as State | undefined })}
          />
          <Select
            inlineLabelText="Severity"
            options={severities}
            selectedOption={severities.find(severity => severity.value === (search.severity ?? '')) ?? null}
            onChange={({ detail }) => change({ severity: (detail.selectedOption.value || undefined) as FindingsSearch['severity'] })}
          />
          <Select
            inlineLabelText="Audience"
            options={audiences}
            selectedOption={audiences.find(audience => audience.value === (search.audience ?? '')) ?? null}
            onChange={({ detail }) => change({ audience: (detail.selectedOption.value || undefined) as FindingsSearch['audience'] })}
          />
          <Select
            inlineLabelText="Group by"
            options={GROUPS}
            selectedOption={GROUPS.find(group => group.value === (search.group ?? 'severity')) ?? null}
            onChange={({ detail }) => {
              setCollapsed([]);
              change({ group: detail.selectedOption.value as FindingsSearch['group'] });
            }}
          />
          <Pages page={page} items={list?.lineCount ?? 0} size={PAGE} go={to => change({ page: to })} />
        </div>
        {answer.error !== null && <ErrorAlert error={answer.error} retry={() => void answer.refetch()} />}
        {list && list.lineCount === 0 ? (
          filtered ? (
            <EmptyState title="No finding matches" action={<Button onClick={clear}>Clear the filter</Button>} />
          ) : (
            <EmptyState title="No findings">Every control that could be judged passes, or nothing was read yet.</EmptyState>
          )
        ) : (
          <FindingsTable
            lines={list?.lines}
            open={open}
            onOpen={id => change({ finding: id, page: search.page })}
            onToggle={key => setCollapsed(before => (before.includes(key) ? before.filter(other => other !== key) : [...before, key]))}
          />
        )}
      </Container>
    </SpaceBetween>
  );
}
