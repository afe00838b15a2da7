import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import LineChart from '@cloudscape-design/components/line-chart';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';

import type { CanaryMinute, CanarySample, CanaryVerdict, Plan, StageName } from '../../api/bindings';
import { host } from '../../api/client';
import { useAttempt } from '../../shared/attempt';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';

/** CloudWatch has a new minute every minute. */
const LOOK_EVERY = 60_000;

const VERDICTS: Record<CanaryVerdict, { text: string; type: 'success' | 'error' | 'info' }> = {
  healthy: { text: 'Healthy', type: 'success' },
  breached: { text: 'Breached', type: 'error' },
  inconclusive: { text: 'Inconclusive', type: 'info' },
};

function rate(errors: number, requests: number): string {
  return requests === 0 ? '–' : `${((errors / requests) * 100).toFixed(2)} %`;
}

/** Candidate against baseline, and the word. */
export function CanaryWatch({ stage, onPlan }: { stage: StageName; onPlan: (plan: Plan) => void }) {
  const attempt = useAttempt();
  const query = useQuery({
    queryKey: ['canary_watch', stage],
    queryFn: () =>
      host.call('canary_watch', {
        stage,
        since: null,
        criteria: { leastRequests: 50, serverErrorsCeiling: 5, margin: 0.5, latencyRatio: 1.5, falseAlarms: 1, minutes: 30 },
      }),
    refetchInterval: LOOK_EVERY,
  });
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const seen = query.data;
  if (!seen) return <Spinner />;
  const { minutes } = seen;
  const verdict = VERDICTS[seen.judgement.verdict];
  const sides: { name: string; sample: CanarySample }[] =
    seen.source === 'whole-stage'
      ? [{ name: 'Whole stage', sample: seen.baseline }]
      : [
          { name: 'Candidate', sample: seen.candidate },
          { name: 'Baseline', sample: seen.baseline },
        ];
  const line = (title: string, color: string, of: (minute: CanaryMinute) => CanarySample) => ({
    title,
    type: 'line' as const,
    color,
    data: minutes.map(minute => {
      const sample = of(minute);
      return { x: new Date(minute.minute * 1000), y: sample.requests === 0 ? 0 : (sample.serverErrors / sample.requests) * 100 };
    }),
  });
  const top = Math.max(
    1,
    ...minutes.flatMap(minute =>
      [minute.candidate, minute.baseline].map(side => (side.requests === 0 ? 0 : (side.serverErrors / side.requests) * 100)),
    ),
  );
  return (
    <div data-testid="canary-watch">
      <SpaceBetween size="s">
        <Alert
          type={verdict.type}
          header={verdict.text}
          action={
            seen.judgement.verdict === 'breached' && (
              <Button
                variant="primary"
                onClick={() => attempt(async () => onPlan(await host.call('canary_rollback', { stage, overwrite: false })))}
              >
                Roll back
              </Button>
            )
          }
        >
          {seen.judgement.reasons.map(reason => (
            <div key={reason}>
              <Foreign text={reason} />
            </div>
          ))}
        </Alert>
        <Table
          variant="embedded"
          ariaLabels={{ tableLabel: 'Candidate and baseline' }}
          items={sides}
          columnDefinitions={[
            { id: 'side', header: '', isRowHeader: true, cell: side => side.name },
            { id: 'requests', header: 'Requests', cell: side => side.sample.requests.toLocaleString('en') },
            { id: '4xx', header: '4XX', cell: side => rate(side.sample.clientErrors, side.sample.requests) },
            { id: '5xx', header: '5XX', cell: side => rate(side.sample.serverErrors, side.sample.requests) },
            {
              id: 'p90',
              header: 'p90',
              cell: side => (typeof side.sample.latencyP90 === 'number' ? `${Math.round(side.sample.latencyP90)} ms` : '–'),
            },
          ]}
        />
        <LineChart
          height={120}
          hideFilter
          xScaleType="time"
          xDomain={[new Date(seen.from), new Date(seen.to)]}
          yDomain={[0, top]}
          ariaLabel="Share of requests answered with 5XX, percent"
          i18nStrings={{
            xTickFormatter: at => at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
            yTickFormatter: share => `${share.toFixed(share < 1 ? 1 : 0)} %`,
          }}
          series={
            seen.source === 'whole-stage'
              ? [line('5XX of the whole stage', '#688ae8', minute => minute.baseline)]
              : [
                  line('5XX of the candidate', '#d13212', minute => minute.candidate),
                  line('5XX of the baseline', '#688ae8', minute => minute.baseline),
                ]
          }
          empty="No requests"
        />
        <Box variant="small" color="text-body-secondary">
          <Foreign text={seen.sourceWords} /> The last 30 minutes, looked at every minute while this view is open.
        </Box>
      </SpaceBetween>
    </div>
  );
}
