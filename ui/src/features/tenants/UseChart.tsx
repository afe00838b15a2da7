import Box from '@cloudscape-design/components/box';
import MixedLineBarChart from '@cloudscape-design/components/mixed-line-bar-chart';

import type { TenantPlan } from '../../api/bindings';
import { count } from './states';

const PERIODS = { DAY: 'day', WEEK: 'week', MONTH: 'month' } as const;

/** Requests of each day against the limit; for weeks and months, what was counted in the period up to each day. */
export function UseChart({ plan }: { plan: TenantPlan }) {
  const { days, quota } = plan;
  if (days.length === 0) return <Box color="text-body-secondary">AWS has no requests of this key in this plan in the last 35 days.</Box>;
  const summed = quota !== null && quota !== undefined && quota.period !== 'DAY';
  const points = days.map(day => ({
    x: day.day.slice(5),
    y: summed && typeof day.remaining === 'number' ? Math.max(0, quota.limit - day.remaining) : day.used,
  }));
  const title = summed ? `Counted in the ${PERIODS[quota.period]} so far` : 'Requests per day';
  return (
    <MixedLineBarChart
      hideFilter
      height={160}
      xScaleType="categorical"
      xTitle="Day, UTC"
      yTitle={title}
      ariaLabel={title}
      i18nStrings={{ yTickFormatter: value => count(value) }}
      series={[
        { type: 'bar', title, data: points, valueFormatter: value => count(value) },
        ...(quota
          ? [{ type: 'threshold' as const, title: `Quota, ${count(quota.limit)} per ${PERIODS[quota.period]}`, y: quota.limit }]
          : []),
      ]}
    />
  );
}
