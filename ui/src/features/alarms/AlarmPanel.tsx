import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Table from '@cloudscape-design/components/table';
import { useNavigate } from '@tanstack/react-router';

import type { AlarmHistoryItem, AlarmLine, AlarmPlace } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { PANEL_WORDS } from '../../shared/panelWords';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { ALARM_STATES, AlarmStateWords, placeLabel } from './words';

const DAYS = 14;

const MISSING: Record<string, string> = {
  missing: 'too little data',
  ignore: 'nothing: the state stays',
  breaching: 'a bad one',
  notBreaching: 'a good one',
};

/** What happened, in this console's words where AWS's data tells. */
function happened(item: AlarmHistoryItem): string {
  if (item.from && item.to) return `${ALARM_STATES[item.from].text} → ${ALARM_STATES[item.to].text}`;
  return visible(item.summary);
}

function Told({ label, arns }: { label: string; arns: string[] }) {
  if (arns.length === 0) return <div>{label}: nobody</div>;
  return (
    <>
      {arns.map(arn => (
        <div key={arn}>
          {label}: <Foreign text={arn} />
        </div>
      ))}
    </>
  );
}

function Related({ names, context }: { names: string[]; context: string }) {
  const navigate = useNavigate();
  if (names.length === 0) return '–';
  return (
    <>
      {names.map(name => (
        <div key={name}>
          <Link onFollow={() => void navigate({ to: '/alarms', search: { alarm: `${context}/${name}`, text: name } })}>
            <Foreign text={name} />
          </Link>
        </div>
      ))}
    </>
  );
}

function History({ line }: { line: AlarmLine }) {
  const { context, name } = line.alarm;
  const query = useOperation('alarm_history', { context, name, days: DAYS });
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  return (
    <SpaceBetween size="xs">
      <Table
        variant="embedded"
        wrapLines
        data-testid="alarm-history"
        header={<Box variant="h3">What happened in {DAYS} days</Box>}
        loading={query.isPending}
        loadingText="Asking CloudWatch"
        items={query.data?.items ?? []}
        empty={<EmptyState title="Nothing happened" />}
        ariaLabels={{ tableLabel: `History of ${visible(name)}` }}
        columnDefinitions={[
          { id: 'at', header: 'When', cell: item => momentOf(item.at), width: 160 },
          { id: 'what', header: 'What', isRowHeader: true, cell: happened, minWidth: 170 },
          { id: 'reason', header: 'Because', cell: item => <Foreign text={item.reason ?? '–'} />, minWidth: 200 },
        ]}
      />
      {query.data?.more && <Box color="text-body-secondary">There is more than was read; the earliest part is missing.</Box>}
    </SpaceBetween>
  );
}

/** Everything about one alarm, and the way to what it watches. */
export function AlarmPanel({ line }: { line: AlarmLine }) {
  const navigate = useNavigate();
  const { alarm } = line;
  const charted = line.places.filter((place): place is AlarmPlace & { apiId: string; stage: string } =>
    Boolean(place.apiId && place.stage),
  );
  const chart = (place: AlarmPlace & { apiId: string; stage: string }) =>
    void navigate({
      to: '/metrics',
      search: {
        context: alarm.context,
        api: place.apiId,
        stage: place.stage.replace(/\/Canary$/, ''),
        ...(place.route ? { route: place.route } : {}),
      },
    });
  return (
    <SplitPanel header={visible(alarm.name)} i18nStrings={PANEL_WORDS} hidePreferencesButton>
      <div data-testid="alarm-panel">
        <SpaceBetween size="l">
          {line.troubles.map(trouble => (
            <Alert key={trouble.message} type={trouble.kind === 'shared' || trouble.kind === 'unchecked' ? 'info' : 'warning'}>
              <Foreign text={trouble.message} />
            </Alert>
          ))}
          {charted.length > 0 && (
            <SpaceBetween direction="horizontal" size="xs">
              {charted.slice(0, 3).map(place => (
                <Button key={placeLabel(place)} onClick={() => chart(place)}>
                  Metrics of {visible(placeLabel(place))}
                </Button>
              ))}
            </SpaceBetween>
          )}
          <KeyValuePairs
            columns={2}
            items={[
              { label: 'State', value: <AlarmStateWords state={alarm.state} /> },
              { label: 'Since', value: alarm.since ? momentOf(alarm.since) : 'not known' },
              { label: 'Watches', value: <Foreign text={line.watches} /> },
              { label: 'Because', value: <Foreign text={alarm.reason || '–'} /> },
              { label: 'Description', value: <Foreign text={alarm.description ?? '–'} /> },
              {
                label: 'Actions',
                value: (
                  <>
                    {!alarm.actionsEnabled && <div>Switched off</div>}
                    <Told label="On alarm" arns={alarm.alarmActions} />
                    {alarm.okActions.length > 0 && <Told label="On OK" arns={alarm.okActions} />}
                    {alarm.insufficientDataActions.length > 0 && <Told label="On too little data" arns={alarm.insufficientDataActions} />}
                  </>
                ),
              },
              ...(alarm.condition
                ? [
                    {
                      label: 'A period without data counts as',
                      value: MISSING[alarm.condition.missingData] ?? visible(alarm.condition.missingData),
                    },
                  ]
                : []),
              ...(alarm.suppressor ? [{ label: 'Kept back by', value: <Foreign text={alarm.suppressor} /> }] : []),
              ...(line.children.length > 0
                ? [{ label: 'Stands on', value: <Related names={line.children} context={alarm.context} /> }]
                : []),
              ...(line.parents.length > 0 ? [{ label: 'Part of', value: <Related names={line.parents} context={alarm.context} /> }] : []),
              { label: 'Context', value: <Foreign text={alarm.context} /> },
            ]}
          />
          {(alarm.expression ?? alarm.rule) && (
            <ExpandableSection headerText={alarm.rule ? 'Rule' : 'Expression'}>
              <Box variant="code">
                <Foreign text={alarm.rule ?? alarm.expression ?? ''} />
              </Box>
            </ExpandableSection>
          )}
          <History line={line} />
        </SpaceBetween>
      </div>
    </SplitPanel>
  );
}
