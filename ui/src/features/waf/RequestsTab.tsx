import Box from '@cloudscape-design/components/box';
import LineChart from '@cloudscape-design/components/line-chart';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';

import type { WafCounts, WebAclMetrics } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { number } from './words';

const SPANS = [
  { id: '3', text: '3 hours' },
  { id: '24', text: '24 hours' },
  { id: '168', text: '7 days' },
  { id: '336', text: '14 days' },
];

function Chart({ metrics }: { metrics: WebAclMetrics }) {
  const line = (title: string, of: (counts: WafCounts) => number) => ({
    title,
    type: 'line' as const,
    data: metrics.points.map(point => ({ x: new Date(point.at * 1000), y: of(point.counts) })),
    valueFormatter: number,
  });
  const minutes = metrics.period / 60;
  const each = minutes === 1 ? 'minute' : minutes === 60 ? 'hour' : `${minutes} minutes`;
  return (
    <LineChart
      height={220}
      hideFilter
      xScaleType="time"
      xDomain={[new Date(metrics.from * 1000), new Date(metrics.to * 1000)]}
      xTitle="Time"
      yTitle={`Requests per ${each}`}
      ariaLabel="Requests that were blocked and counted"
      i18nStrings={{
        yTickFormatter: number,
        xTickFormatter: value =>
          value.toLocaleString('en-GB', metrics.period >= 900 ? { day: 'numeric', month: 'short' } : { timeStyle: 'short' }),
      }}
      series={[line('Blocked', counts => counts.blocked), line('Counted', counts => counts.counted)]}
      empty={<Box color="text-body-secondary">WAF counted no request in that time.</Box>}
    />
  );
}

/** What happened to requests: over time, and rule by rule. */
export function RequestsTab({ context, arn }: { context: string; arn: string }) {
  const [hours, setHours] = useState('24');
  const query = useOperation('web_acl_metrics', { context, webAcl: arn, hours: Number(hours) });
  const metrics = query.data;
  const rows = metrics ? [{ rule: '', counts: metrics.all }, ...metrics.rules] : [];
  const cell = (of: (counts: WafCounts) => number) => (row: (typeof rows)[number]) => (row.counts ? number(of(row.counts)) : 'no metrics');
  return (
    <SpaceBetween size="m">
      <SegmentedControl label="Time" selectedId={hours} options={SPANS} onChange={({ detail }) => setHours(detail.selectedId)} />
      {query.error && <ErrorAlert error={query.error} retry={() => void query.refetch()} />}
      {!metrics && !query.error && <Spinner />}
      {metrics && (
        <>
          <Chart metrics={metrics} />
          <Table
            variant="embedded"
            data-testid="waf-counts"
            ariaLabels={{ tableLabel: 'Requests by rule' }}
            items={rows}
            columnDefinitions={[
              {
                id: 'rule',
                header: 'Rule',
                isRowHeader: true,
                cell: row => (row.rule === '' ? <b>The whole web ACL</b> : <Foreign text={row.rule} />),
              },
              { id: 'blocked', header: 'Blocked', cell: cell(counts => counts.blocked) },
              { id: 'counted', header: 'Counted', cell: cell(counts => counts.counted) },
              { id: 'captcha', header: 'CAPTCHA', cell: cell(counts => counts.captcha) },
              { id: 'challenge', header: 'Challenged', cell: cell(counts => counts.challenge) },
              { id: 'allowed', header: 'Allowed', cell: cell(counts => counts.allowed) },
            ]}
          />
          <Box variant="small" color="text-body-secondary">
            CloudWatch has a value only where something was counted: none is none.
          </Box>
        </>
      )}
    </SpaceBetween>
  );
}
