import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Link from '@cloudscape-design/components/link';
import { useNavigate } from '@tanstack/react-router';

import type { ReleaseLine } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { Foreign } from '../../shared/text';
import { MODES, STATES, VERDICTS, clock, placeOf } from './words';

function address(line: ReleaseLine): string {
  return `${line.stage.context}/${line.stage.apiId}/${line.stage.stage}`;
}

/** A context's releases under watch, and those that the console took back by itself lately, in a few lines. */
export function ReleaseSummary({ context }: { context: string }) {
  const answer = useOperation('canary_release_list', {});
  const navigate = useNavigate();
  if (answer.error) return <StatusIndicator type="error">Releases cannot be read</StatusIndicator>;
  const lines = (answer.data?.releases ?? []).filter(line => line.stage.context === context);
  const shown = lines.filter(({ release }) => release.state !== 'stopped' && release.state !== 'removed').slice(0, 3);
  if (shown.length === 0) return <StatusIndicator type="stopped">None</StatusIndicator>;
  return (
    <div data-testid="release-summary">
      {shown.map(line => {
        const { release } = line;
        const { state } = release;
        const verdict = state === 'watching' && release.judgement ? VERDICTS[release.judgement.verdict] : undefined;
        return (
          <div key={release.id}>
            <StatusIndicator type={verdict?.type ?? STATES[state].type}>{verdict?.text ?? STATES[state].text}</StatusIndicator>{' '}
            <Link onFollow={() => void navigate({ to: '/canaries', search: { stage: address(line) } })}>
              <Foreign text={placeOf(release)} />
            </Link>
            <div className="overview-second">
              {state === 'watching'
                ? `${MODES[release.terms.mode].text.toLowerCase()}, ${line.minutesLeft} min left`
                : `ended ${release.ended ? clock(release.ended) : ''} UTC`}
            </div>
          </div>
        );
      })}
    </div>
  );
}
