import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import {
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
  colorChartsStatusCritical,
  colorChartsStatusInfo,
  colorChartsStatusNeutral,
  colorChartsThresholdNegative,
} from '../../shared/chart-colors';

import type { MarkKind, MetricChart, MetricMark, MetricUnit } from '../../api/bindings';
import { visible } from '../../shared/text';
import { segments } from './segments';

const COLORS = [
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
];

export const MARK_COLORS: Record<MarkKind, string> = {
  deployment: colorChartsStatusInfo,
  change: colorChartsStatusNeutral,
  alarm: colorChartsStatusCritical,
};

/** More lines than this say nothing any more: the list below has them all. */
const MOST_MARKS = 40;

const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

function shown(unit: MetricUnit, value: number): string {
  if (unit === 'percent') return `${value.toFixed(2)} %`;
  return unit === 'milliseconds' ? `${NUMBER.format(value)} ms` : NUMBER.format(value);
}

interface Props {
  chart: MetricChart;
  marks: MetricMark[];
  from: string;
  to: string;
  /** Seconds. */
  period: number;
  /** The mark that is pointed at in the list. */
  pointed: MetricMark | null;
}

/** One chart, with what happened as lines on its time. */
export function MetricChartView({ chart, marks, from, to, period, pointed }: Props) {
  const lines = chart.lines.flatMap((line, at) =>
    segments(line.points, period).map(piece => ({
      type: 'line' as const,
      title: line.title,
      color: COLORS[at % COLORS.length] ?? colorChartsPaletteCategorical1,
      data: piece.map(([second, value]) => ({ x: new Date(second * 1000), y: value })),
      valueFormatter: (value: number) => shown(chart.unit, value),
    })),
  );
  const values = chart.lines.flatMap(line => line.points.map(([, value]) => value));
  const top = Math.max(chart.unit === 'percent' ? 1 : 10, ...values, ...chart.thresholds.map(threshold => threshold.value)) * 1.1;
  // Of too many the bad news stay, and the one that is pointed at.
  const drawn = marks.length > MOST_MARKS ? marks.filter(mark => mark.burns || mark === pointed).slice(-MOST_MARKS) : marks;
  const days = Date.parse(to) - Date.parse(from) > 86_400_000;
  return (
    <Container
      header={
        <Header variant="h2" description={`per ${period < 3600 ? `${period / 60} min` : 'hour'}`}>
          {chart.title}
        </Header>
      }
    >
      {values.length === 0 ? (
        <Box textAlign="center" color="text-body-secondary" padding="l">
          No values in this time.
        </Box>
      ) : (
        <>
          <LineChart
            hideFilter
            hideLegend
            height={170}
            xScaleType="time"
            xDomain={[new Date(from), new Date(to)]}
            yDomain={[0, top]}
            ariaLabel={chart.title}
            yTitle=""
            i18nStrings={{
              xTickFormatter: x =>
                x.toLocaleString(
                  'en-GB',
                  days ? { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } : { hour: '2-digit', minute: '2-digit' },
                ),
              yTickFormatter: value => (chart.unit === 'percent' ? `${Number(value.toFixed(2))} %` : NUMBER.format(value)),
              detailPopoverDismissAriaLabel: 'Close',
            }}
            series={[
              ...lines,
              ...chart.thresholds.map(threshold => ({
                type: 'threshold' as const,
                title: `Alarm ${visible(threshold.alarm)}`,
                y: threshold.value,
                color: colorChartsThresholdNegative,
                valueFormatter: (value: number) => shown(chart.unit, value),
              })),
              ...drawn.map(mark => ({
                type: 'threshold' as const,
                title: visible(mark.what),
                x: new Date(mark.at),
                color: mark === pointed || mark.burns || mark.kind !== 'alarm' ? MARK_COLORS[mark.kind] : colorChartsStatusNeutral,
              })),
            ]}
          />
          <ul className="metrics-legend" aria-label={`Lines of ${chart.title}`}>
            {chart.lines.map((line, at) => (
              <li key={line.title}>
                <span className="metrics-swatch" style={{ background: COLORS[at % COLORS.length] }} aria-hidden />
                {line.title}
              </li>
            ))}
            {chart.thresholds.map(threshold => (
              <li key={threshold.alarm}>
                <span className="metrics-swatch metrics-dashed" style={{ borderColor: colorChartsThresholdNegative }} aria-hidden />
                {visible(threshold.alarm)}: {shown(chart.unit, threshold.value)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Container>
  );
}
