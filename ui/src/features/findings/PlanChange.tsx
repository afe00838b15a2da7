import Button from '@cloudscape-design/components/button';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { Finding, Limit, SuggestedChange, ThrottleSelection } from '../../api/bindings';
import { host } from '../../api/client';
import { ErrorAlert } from '../../shared/states';
import { PlanDialog } from '../changes/PlanDialog';
import { LimitsModal } from '../throttles/LimitsModal';

/** What gets the limit, as the finding names it; nothing where it does not say enough. */
function limitsOf(finding: Finding, change: SuggestedChange): { selection: ThrottleSelection; what: string; now?: Limit } | null {
  const { context, route, apiId, stage } = finding;
  if (change.kind === 'routeLimit' && route) {
    const now = { rate: change.rate ?? null, burst: change.burst ?? null };
    return { selection: { kind: 'routes', routeIds: [route.id] }, what: `${route.method} ${route.path}`, now };
  }
  if (change.kind === 'stageLimit' && apiId && stage) {
    const now = { rate: change.rate ?? null, burst: change.burst ?? null };
    return { selection: { kind: 'stage', context, apiId, stage }, what: finding.resource.label, now };
  }
  if (change.kind === 'planLimit') {
    return { selection: { kind: 'usagePlan', context, usagePlanId: finding.resource.id }, what: finding.resource.label };
  }
  return null;
}

/** Puts the finding right with a plan that can be read first, where this console can make the change. */
export function PlanChange({ finding, change }: { finding: Finding; change: SuggestedChange }) {
  const [limiting, setLimiting] = useState(false);
  const { context, apiId, stage } = finding;
  const rollback = useMutation({
    mutationFn: () => host.call('canary_rollback', { stage: { context, apiId: apiId ?? '', stage: stage ?? '' }, overwrite: false }),
  });
  const limits = limitsOf(finding, change);
  const rollsBack = change.kind === 'canaryRollback' && apiId && stage;
  if (!limits && !rollsBack) return null;
  return (
    <div data-testid="plan-change">
      {rollback.error && <ErrorAlert error={rollback.error} />}
      <Button variant="primary" loading={rollback.isPending} onClick={() => (limits ? setLimiting(true) : rollback.mutate())}>
        Plan the change
      </Button>
      {limits && limiting && <LimitsModal {...limits} close={() => setLimiting(false)} />}
      {rollback.data && <PlanDialog plan={rollback.data} close={() => rollback.reset()} />}
    </div>
  );
}
