import Box from '@cloudscape-design/components/box';
import MixedLineBarChart from '@cloudscape-design/components/mixed-line-bar-chart';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import type { TenantPlan } from '../../api/bindings';
import { soFar } from './periods';
import { count } from './states';

const PERIODS = { DAY: 'day', WEEK: 'week', MONTH: 'month' } as const;

/** Requests of each day; of weeks and months also what was used of the period up to each day, against its limit. */
export function UseChart({ plan }: { plan: TenantPlan }) {
  const { days, quota, row } = plan;
  const longer = quota !== null && quota !== undefined && quota.period !== 'DAY';
  const [shown, setShown] = useState<'period' | 'day'>(longer ? 'period' : 'day');
  if (days.length === 0) return <Box color="text-body-secondary">AWS has no requests of this key in this plan in the last 35 days.</Box>;
  const summed = longer && shown === 'period';
  const points = (summed ? soFar(days, quota.period) : days).map(day => ({ x: day.day.slice(5), y: day.used }));
  const title = summed ? `Used of the ${PERIODS[quota.period]} so far` : 'Requests per day';
  const limit = quota && (summed || quota.period === 'DAY') ? quota : null;
  // What support granted on top, or took off, holds for the running period alone.
  const { limit: now } = row.standing;
  const extended = limit && typeof now === 'number' && now !== limit.limit ? now : null;
  return (
    <SpaceBetween size="xs">
      {longer && (
        <SegmentedControl
          selectedId={shown}
          label="What is drawn"
          options={[
            { id: 'period', text: `The ${PERIODS[quota.period]} so far` },
            { id: 'day', text: 'Each day' },
          ]}
          onChange={({ detail }) => setShown(detail.selectedId as 'period' | 'day')}
        />
      )}
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
          ...(limit
            ? [{ type: 'threshold' as const, title: `Quota, ${count(limit.limit)} per ${PERIODS[limit.period]}`, y: limit.limit }]
            : []),
          ...(extended === null || limit === null
            ? []
            : [{ type: 'threshold' as const, title: `This ${PERIODS[limit.period]}: ${count(extended)}`, y: extended }]),
        ]}
      />
    </SpaceBetween>
  );
}
