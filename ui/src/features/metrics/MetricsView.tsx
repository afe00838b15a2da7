import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

import type { ApiListItem, MetricMark, MetricsShow } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { EmptyState, ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { MarksTable } from './MarksTable';
import { MetricChartView } from './MetricChartView';
import type { MetricsSearch } from './search';
import { WINDOWS, routeKey } from './search';
import './metrics.css';

const keyOf = (context: string, api: string, stage: string) => JSON.stringify([context, api, stage]);

function stageOptions(items: ApiListItem[]) {
  return items.flatMap(item =>
    item.stages.map(stage => ({
      value: keyOf(item.context, item.api.id, stage.name),
      label: visible(`${item.api.name}/${stage.name}`),
      description: `${item.api.kind}, ${visible(item.context)}`,
    })),
  );
}

/** The first routes of a stage, to choose from. */
function useRoutes(search: MetricsSearch) {
  const named = search.context !== undefined && search.api !== undefined && search.stage !== undefined;
  const token = (property: 'api' | 'stage', value: string) => ({ property, operator: '=' as const, value });
  return useOperation(
    'route_list',
    {
      query: {
        filter: {
          operation: 'and',
          tokens: [token('api', search.api ?? ''), token('stage', search.stage ?? '')],
          text: '',
          includePreflight: false,
        },
        groupBy: null,
        sort: null,
      },
      collapsed: [],
      offset: 0,
      limit: 500,
    },
    named,
  );
}

function Shown({ shown, context, refresh }: { shown: MetricsShow; context: string; refresh: () => void }) {
  const [pointed, point] = useState<MetricMark | null>(null);
  const invalidate = useInvalidate();
  const fetching = useMutation({ mutationFn: () => host.call('event_refresh', {}), onSettled: invalidate });
  // Once per visit: configuration changes are marks only once they are fetched.
  const { mutate } = fetching;
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    mutate();
  }, [mutate]);
  return (
    <SpaceBetween size="m">
      <GapsAlert coverage={shown.coverage} />
      {shown.source === 'stage-instead' && (
        <Alert type="warning" header="These are the totals of the stage">
          {visible(shown.notes[0] ?? '')} Switch detailed metrics on for the route to see its own; AWS charges for them.
        </Alert>
      )}
      {shown.burning.length > 0 && (
        <Box>
          <SpaceBetween direction="horizontal" size="s">
            {shown.burning.map(name => (
              <StatusIndicator key={name} type="error">
                <Foreign text={name} /> is in alarm
              </StatusIndicator>
            ))}
          </SpaceBetween>
        </Box>
      )}
      {shown.charts.map(chart => (
        <MetricChartView
          key={chart.title}
          chart={chart}
          marks={shown.marks}
          from={shown.from}
          to={shown.to}
          period={shown.period}
          pointed={pointed}
        />
      ))}
      <MarksTable marks={shown.marks} context={context} pointed={pointed} point={point} />
      <Box color="text-body-secondary" fontSize="body-s">
        <ul className="metrics-notes">
          {shown.notes.map(note => (
            <li key={note}>{visible(note)}</li>
          ))}
          {fetching.isPending && <li>Asking CloudTrail for configuration changes.</li>}
          {fetching.error !== null && (
            <li>
              Configuration changes could not be fetched.{' '}
              <Button variant="inline-link" onClick={refresh}>
                Try again
              </Button>
            </li>
          )}
        </ul>
      </Box>
    </SpaceBetween>
  );
}

/** Requests, error rates and latency of a stage or route, with what happened meanwhile. */
export function MetricsView() {
  const search = useSearch({ from: '/metrics' });
  const navigate = useNavigate({ from: '/metrics' });
  const apis = useOperation('api_list', {});
  const { context, api, stage, route } = search;
  const hours = search.hours ?? 24;
  const options = stageOptions(apis.data?.items ?? []);
  const chosen = context !== undefined && api !== undefined && stage !== undefined;
  const stageName = { context: context ?? '', apiId: api ?? '', stage: stage ?? '' };
  const routes = useRoutes(search);
  const keys = (routes.data?.lines ?? []).flatMap(line =>
    line.line === 'route' && line.route.context === context ? [routeKey(line.route)] : [],
  );
  const query = useOperation('metrics_show', { stage: stageName, route: route ?? null, hours, until: null }, chosen);
  const look = (change: MetricsSearch) => void navigate({ search: { ...search, ...change } });
  return (
    <div data-testid="metrics">
      <SpaceBetween size="m">
        <Container
          header={
            <Header
              variant="h1"
              actions={
                <Button iconName="refresh" disabled={!chosen} loading={query.isFetching} onClick={() => void query.refetch()}>
                  Read again
                </Button>
              }
            >
              Metrics
            </Header>
          }
        >
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            <div style={{ minWidth: 260 }}>
              <Select
                data-testid="metrics-stage"
                inlineLabelText="Stage"
                filteringType="auto"
                selectedOption={options.find(option => chosen && option.value === keyOf(context, api, stage)) ?? null}
                options={options}
                placeholder="Choose a stage"
                statusType={apis.isPending ? 'loading' : 'finished'}
                onChange={({ detail }) => {
                  const [context, api, stage] = JSON.parse(detail.selectedOption.value ?? '[]') as string[];
                  void navigate({
                    search: { ...(context && api && stage ? { context, api, stage } : {}), ...(search.hours ? { hours } : {}) },
                  });
                }}
              />
            </div>
            <div style={{ minWidth: 260 }}>
              <Select
                data-testid="metrics-route"
                inlineLabelText="Route"
                filteringType="auto"
                disabled={!chosen}
                selectedOption={route === undefined ? { value: '', label: 'Whole stage' } : { value: route, label: visible(route) }}
                options={[{ value: '', label: 'Whole stage' }, ...keys.map(key => ({ value: key, label: visible(key) }))]}
                onChange={({ detail }) => {
                  const { route: _, ...rest } = search;
                  void navigate({ search: detail.selectedOption.value ? { ...rest, route: detail.selectedOption.value } : rest });
                }}
              />
            </div>
            <SegmentedControl
              label="Time"
              selectedId={String(hours)}
              options={WINDOWS.map(window => ({ id: String(window.hours), text: window.text }))}
              onChange={({ detail }) => look({ hours: Number(detail.selectedId) })}
            />
          </SpaceBetween>
        </Container>
        {query.error && chosen && <ErrorAlert error={query.error} retry={() => void query.refetch()} />}
        {!chosen && (
          <Container>
            <EmptyState title="No stage is chosen">Choose one above, or come here from a route, a stage or an alarm.</EmptyState>
          </Container>
        )}
        {chosen && !query.error && !query.data && (
          <Box textAlign="center" padding="xxl">
            <Spinner /> Asking CloudWatch
          </Box>
        )}
        {chosen && !query.error && query.data && (
          <Shown shown={query.data} context={stageName.context} refresh={() => void query.refetch()} />
        )}
      </SpaceBetween>
    </div>
  );
}
