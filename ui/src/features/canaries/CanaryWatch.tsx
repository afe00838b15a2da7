import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';

import type { CanaryWatch as Seen, Plan, StageName } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { useAttempt } from '../../shared/attempt';
import { ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { CanaryNumbers } from './CanaryNumbers';
import { useDemoSpeed } from './DemoClock';
import { ReleaseBegin } from './ReleaseBegin';
import { PastReleases, RunningRelease } from './ReleasePanel';
import { StageGuard } from './StageGuard';
import { VERDICTS } from './words';

/** CloudWatch has a new minute every minute. */
const LOOK_EVERY = 60_000;
const USUAL = { leastRequests: 50, serverErrorsCeiling: 5, margin: 0.5, latencyRatio: 1.5, falseAlarms: 1, minutes: 30 };

function Verdict({ seen, stage, onPlan }: { seen: Seen; stage: StageName; onPlan: (plan: Plan) => void }) {
  const attempt = useAttempt();
  const verdict = VERDICTS[seen.judgement.verdict];
  return (
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
  );
}

/** Candidate against baseline, the word, and the release that watches over it. */
export function CanaryWatch({ stage, onPlan }: { stage: StageName; onPlan: (plan: Plan) => void }) {
  const speed = useDemoSpeed();
  const releases = useOperation('canary_release_list', { stage });
  const lines = releases.data?.releases ?? [];
  const running = lines.find(line => line.release.state === 'watching');
  // A release that this program looks at has looked already: nothing is asked twice.
  const query = useQuery({
    queryKey: ['canary_watch', stage],
    queryFn: () => host.call('canary_watch', { stage, since: null, criteria: USUAL }),
    refetchInterval: Math.max(1_000, LOOK_EVERY / speed),
    enabled: releases.isSuccess && !running?.watch,
  });
  const seen = running?.watch ?? query.data;
  return (
    <div data-testid="canary-watch">
      <SpaceBetween size="m">
        {releases.error && <ErrorAlert error={releases.error} retry={() => void releases.refetch()} />}
        {seen && <Verdict seen={seen} stage={stage} onPlan={onPlan} />}
        {running ? <RunningRelease line={running} /> : releases.isSuccess && <ReleaseBegin stage={stage} />}
        <StageGuard stage={stage} />
        {!seen && query.error && <ErrorAlert error={query.error} retry={() => void query.refetch()} />}
        {!seen && !query.error && <Spinner />}
        {seen && !seen.coverage.complete && <GapsAlert coverage={seen.coverage} heading="Part of this look could not be read" />}
        {seen && <CanaryNumbers seen={seen} ceiling={(running?.release.terms.criteria ?? USUAL).serverErrorsCeiling} />}
        <PastReleases lines={lines.filter(line => line.release.state !== 'watching')} />
      </SpaceBetween>
    </div>
  );
}
