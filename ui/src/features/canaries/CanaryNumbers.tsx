import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import LineChart from '@cloudscape-design/components/line-chart';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { colorChartsPaletteCategorical1, colorChartsPaletteCategorical2, colorChartsThresholdNegative } from '../../shared/chart-colors';

import type { CanaryMinute, CanaryRoute, CanarySample, CanaryWatch } from '../../api/bindings';
import { Foreign } from '../../shared/text';
import { SOURCES, clock, ms, rate } from './words';

type Value = (sample: CanarySample) => number | null | undefined;

const share =
  (of: (sample: CanarySample) => number): Value =>
  sample =>
    sample.requests === 0 ? null : (of(sample) / sample.requests) * 100;

const CHARTS: { title: string; unit: string; of: Value; ceiling?: 'serverErrors' }[] = [
  { title: '5XX, percent of requests', unit: '%', of: share(sample => sample.serverErrors), ceiling: 'serverErrors' },
  { title: '4XX, percent of requests', unit: '%', of: share(sample => sample.clientErrors) },
  { title: 'p90 latency', unit: 'ms', of: sample => sample.latencyP90 },
  { title: 'p99 latency', unit: 'ms', of: sample => sample.latencyP99 },
];

/** The values of a side; a minute without one is a hole and not a zero. */
function points(minutes: CanaryMinute[], side: 'candidate' | 'baseline', of: Value) {
  return minutes.flatMap(minute => {
    const y = of(minute[side]);
    return typeof y === 'number' ? [{ x: new Date(minute.minute * 1000), y }] : [];
  });
}

function Chart({ seen, chart, ceiling }: { seen: CanaryWatch; chart: (typeof CHARTS)[number]; ceiling?: number | undefined }) {
  const { title, unit, of } = chart;
  const whole = seen.source === 'whole-stage';
  // An access log has each side's own percentiles, metrics have the stage's.
  const own = seen.source === 'access-log';
  const candidate = whole ? [] : points(seen.minutes, 'candidate', of);
  const baseline = points(seen.minutes, 'baseline', of);
  const percentile = unit === 'ms';
  const top = Math.max(unit === '%' ? 1 : 10, ...[...candidate, ...baseline].map(point => point.y)) * 1.1;
  const line = (name: string, color: string, data: { x: Date; y: number }[]) => ({ type: 'line' as const, title: name, color, data });
  return (
    <div>
      <Box variant="awsui-key-label">{title}</Box>
      <LineChart
        height={110}
        hideFilter
        hideLegend={false}
        xScaleType="time"
        xDomain={[new Date(seen.from), new Date(seen.to)]}
        yDomain={[0, top]}
        ariaLabel={title}
        i18nStrings={{
          xTickFormatter: at => clock(at),
          yTickFormatter: value => `${value.toFixed(unit === '%' && value < 10 ? 1 : 0)} ${unit}`,
        }}
        series={[
          ...(whole ? [] : [line('Candidate', colorChartsPaletteCategorical2, candidate)]),
          line(whole || (percentile && !own) ? 'Whole stage' : 'Baseline', colorChartsPaletteCategorical1, baseline),
          ...(ceiling !== undefined && ceiling <= top
            ? [{ type: 'threshold' as const, title: 'Ceiling', y: ceiling, color: colorChartsThresholdNegative }]
            : []),
        ]}
        empty="No requests"
      />
    </div>
  );
}

function Sides({ seen }: { seen: CanaryWatch }) {
  const whole = seen.source === 'whole-stage';
  const sides: { name: string; sample: CanarySample; stage: boolean }[] = whole
    ? [{ name: 'Whole stage', sample: seen.baseline, stage: false }]
    : [
        { name: 'Candidate', sample: seen.candidate, stage: false },
        { name: 'Baseline', sample: seen.baseline, stage: seen.source !== 'access-log' },
      ];
  // A percentile cannot be taken out of another: the baseline's are the stage's, and marked.
  const latency = (id: string, header: string, of: Value, percentile: boolean) => ({
    id,
    header,
    cell: (side: (typeof sides)[number]) => `${ms(of(side.sample))}${percentile && side.stage ? ' *' : ''}`,
  });
  return (
    <>
      <Table
        variant="embedded"
        contentDensity="compact"
        ariaLabels={{ tableLabel: 'Candidate and baseline' }}
        items={sides}
        columnDefinitions={[
          { id: 'side', header: '', isRowHeader: true, cell: side => side.name },
          { id: 'requests', header: 'Requests', cell: side => side.sample.requests.toLocaleString('en') },
          { id: '4xx', header: '4XX', cell: side => rate(side.sample.clientErrors, side.sample.requests) },
          { id: '5xx', header: '5XX', cell: side => rate(side.sample.serverErrors, side.sample.requests) },
          latency('average', 'Average', sample => sample.latencyAverage, false),
          latency('p50', 'p50', sample => sample.latencyP50, true),
          latency('p90', 'p90', sample => sample.latencyP90, true),
          latency('p99', 'p99', sample => sample.latencyP99, true),
        ]}
      />
      {seen.source === 'stage-canary-dimension' && (
        <Box variant="small" color="text-body-secondary">
          * of the whole stage: a percentile cannot be had by subtraction.
        </Box>
      )}
    </>
  );
}

function Routes({ routes }: { routes: CanaryRoute[] }) {
  const failing = routes.filter(route => route.candidate.serverErrors > 0);
  if (failing.length === 0) return null;
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      wrapLines
      header={<Box variant="h5">Routes on which the candidate answers with 5XX</Box>}
      ariaLabels={{ tableLabel: 'Routes on which the candidate answers with 5XX' }}
      items={failing.slice(0, 5)}
      columnDefinitions={[
        { id: 'route', header: 'Route', isRowHeader: true, cell: route => <Foreign text={route.route} /> },
        { id: 'requests', header: 'Requests', cell: route => route.candidate.requests.toLocaleString('en') },
        { id: 'candidate', header: 'Candidate', cell: route => rate(route.candidate.serverErrors, route.candidate.requests) },
        { id: 'baseline', header: 'Baseline', cell: route => rate(route.baseline.serverErrors, route.baseline.requests) },
      ]}
    />
  );
}

/** Candidate and baseline side by side: sums, routes, and minute by minute. */
export function CanaryNumbers({ seen, ceiling }: { seen: CanaryWatch; ceiling: number }) {
  return (
    <SpaceBetween size="s">
      <Box>
        <Box variant="awsui-key-label">Where the numbers come from</Box>
        {SOURCES[seen.source]}
      </Box>
      <Sides seen={seen} />
      <Routes routes={seen.routes} />
      <ColumnLayout columns={2} minColumnWidth={220}>
        {CHARTS.map(chart => (
          <Chart key={chart.title} seen={seen} chart={chart} ceiling={chart.ceiling ? ceiling : undefined} />
        ))}
      </ColumnLayout>
      <Box variant="small" color="text-body-secondary">
        {clock(seen.from)} to {clock(seen.to)} UTC. <Foreign text={seen.beginning.words} /> <Foreign text={seen.sourceWords} />
        {seen.notes.map(note => (
          <span key={note}>
            {' '}
            <Foreign text={note} />
          </span>
        ))}
      </Box>
    </SpaceBetween>
  );
}
