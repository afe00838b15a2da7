import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { useState } from 'react';

import type { CanaryLine, Plan } from '../../api/bindings';
import { useFrame } from '../../app/panel';
import { PANEL_WORDS } from '../../shared/panelWords';
import { Foreign, visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';
import { CanaryWatch } from './CanaryWatch';
import { Deployments } from './Deployments';
import { Difference } from './Difference';
import { StageReleases } from './ReleasePanel';
import { RunCanary } from './RunCanary';
import { StartCanary } from './StartCanary';
import { isAttached, stageOf } from './states';

/** A plan, and the candidate whose difference belongs to judging it; `undefined` when no route changes. */
interface Planned {
  plan: Plan;
  candidate?: string | null;
}

const TONE: Record<CanaryLine['release']['state'], 'info' | 'warning' | 'error'> = {
  breached: 'error',
  stale: 'warning',
  promoted: 'warning',
  attached: 'warning',
  running: 'info',
  analysing: 'info',
  none: 'info',
};

/** One stage's release. */
export function CanaryPanel({ line }: { line: CanaryLine }) {
  const frame = useFrame();
  const [planned, setPlanned] = useState<Planned | null>(null);
  const stage = stageOf(line);
  const rest = line.apiKind === 'REST';
  const attached = isAttached(line);
  const ofCandidate = (plan: Plan) => setPlanned({ plan, candidate: line.candidateDeployment });
  return (
    <SplitPanel
      header={`${visible(line.apiName)}, ${visible(line.stage)}`}
      i18nStrings={PANEL_WORDS}
      hidePreferencesButton
      closeBehavior="hide"
    >
      <div data-testid="canary-panel">
        <SpaceBetween size="m">
          {rest && (
            <Button
              iconName="undo"
              variant={line.release.state === 'breached' ? 'primary' : 'normal'}
              onClick={() => frame.rollBack(stage)}
            >
              Roll back
            </Button>
          )}
          {line.release.notes.length > 0 && (
            <Alert type={TONE[line.release.state]}>
              {line.release.notes.map(note => (
                <div key={note}>
                  <Foreign text={note} />
                </div>
              ))}
            </Alert>
          )}
          {rest && attached && <RunCanary key={line.release.percent} line={line} onPlan={ofCandidate} />}
          {rest && attached && <CanaryWatch stage={stage} onPlan={plan => setPlanned({ plan })} />}
          {rest && attached && line.candidateDeployment && line.candidateDeployment !== line.baselineDeployment && (
            <Difference stage={stage} deploymentId={line.candidateDeployment} />
          )}
          {rest && !attached && <StageReleases stage={stage} />}
          {rest && !attached && <StartCanary line={line} onPlan={(plan, candidate) => setPlanned({ plan, candidate })} />}
          <Deployments line={line} open={!rest} onPlan={(plan, candidate) => setPlanned({ plan, candidate })} />
        </SpaceBetween>
      </div>
      {planned && (
        <PlanDialog plan={planned.plan} close={() => setPlanned(null)}>
          {rest && planned.candidate !== undefined && planned.plan.operation !== 'canary_set' && (
            <Difference stage={stage} deploymentId={planned.candidate} />
          )}
        </PlanDialog>
      )}
    </SplitPanel>
  );
}
