import AreaChart from '@cloudscape-design/components/area-chart';
import Box from '@cloudscape-design/components/box';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { colorChartsStatusCritical, colorChartsStatusMedium, colorChartsStatusPositive } from '../../shared/chart-colors';
import { useState } from 'react';

import type { ReplayedMinute, ReplayWindow, ThrottleReplay } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';

/** Points that a chart can draw and a person can tell apart. */
const POINTS = 96;

export interface Bucket {
  at: Date;
  passed: number;
  perhaps: number;
  refused: number;
}

/** Sums minutes into at most `POINTS` buckets of equal length over the whole window, the quiet ones too. */
export function bucketsOf(minutes: ReplayedMinute[], from: string, to: string): Bucket[] {
  const start = Date.parse(from);
  const width = (Date.parse(to) - start) / POINTS;
  const buckets = Array.from({ length: POINTS }, (_, at) => ({ at: new Date(start + at * width), passed: 0, perhaps: 0, refused: 0 }));
  for (const minute of minutes) {
    const bucket = buckets[Math.min(POINTS - 1, Math.max(0, Math.floor((minute.minute * 1000 - start) / width)))];
    if (!bucket) continue;
    bucket.refused += minute.refusedEven;
    bucket.perhaps += minute.refusedAtOnce - minute.refusedEven;
    bucket.passed += minute.requests - minute.refusedAtOnce;
  }
  return buckets;
}

/** The answer at a glance; the sentence beside it has the numbers. */
export function AtAGlance({ replayed }: { replayed: ThrottleReplay }) {
  if (replayed.source === 'none') return <StatusIndicator type="pending">Not known</StatusIndicator>;
  if (replayed.percentAtOnce <= 0) return <StatusIndicator type="success">Refuses nothing</StatusIndicator>;
  if (replayed.percentEven >= 99.95) return <StatusIndicator type="error">Refuses everything</StatusIndicator>;
  return <StatusIndicator type="warning">Refuses some</StatusIndicator>;
}

/** What the limit would have done to the requests that really came. */
export function Replay({ routeId, rate, burst }: { routeId: string; rate: string | null; burst: string | null }) {
  const [window, setWindow] = useState<ReplayWindow>('day');
  const query = useOperation('throttle_replay', { routeId, rate, burst, window });
  const replayed = query.data;
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  if (!replayed) return <Spinner />;
  const buckets = bucketsOf(replayed.replay.minutes, replayed.from, replayed.to);
  const top = Math.max(1, ...buckets.map(bucket => bucket.passed + bucket.perhaps + bucket.refused));
  const line = (title: string, of: keyof Omit<Bucket, 'at'>, color: string) => ({
    title,
    type: 'area' as const,
    color,
    data: buckets.map(bucket => ({ x: bucket.at, y: bucket[of] })),
  });
  const time = (at: Date) =>
    window === 'day'
      ? at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
      : at.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric' });
  return (
    <div data-testid="replay">
      <SpaceBetween size="xs">
        <SpaceBetween size="s" direction="horizontal" alignItems="center">
          <Box variant="h4">What would it have done?</Box>
          <SegmentedControl
            selectedId={window}
            label="Which time"
            options={[
              { id: 'day', text: '24 hours' },
              { id: 'week', text: '7 days' },
            ]}
            onChange={({ detail }) => setWindow(detail.selectedId as ReplayWindow)}
          />
        </SpaceBetween>
        <div className="replay-verdict">
          <AtAGlance replayed={replayed} /> {replayed.verdict}
        </div>
        {replayed.source !== 'none' && (
          <>
            <AreaChart
              height={140}
              hideFilter
              xScaleType="time"
              xDomain={[new Date(replayed.from), new Date(replayed.to)]}
              yDomain={[0, top]}
              ariaLabel="Requests that would have passed and those that would have been refused"
              i18nStrings={{ xTickFormatter: time, yTickFormatter: number => Math.round(number).toLocaleString('en') }}
              series={[
                line('Refused in any case', 'refused', colorChartsStatusCritical),
                line('Refused if they came at once', 'perhaps', colorChartsStatusMedium),
                line('Passed', 'passed', colorChartsStatusPositive),
              ]}
              empty="No requests"
            />
            <Box variant="small" color="text-body-secondary">
              CloudWatch counts by the minute. The lower bound spreads each minute's requests evenly, the upper one puts them all into one
              second; the truth lies between.
            </Box>
          </>
        )}
      </SpaceBetween>
    </div>
  );
}
