import Button from '@cloudscape-design/components/button';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

import type { ReleaseLine } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { Foreign } from '../../shared/text';
import { STATES, placeOf } from './words';

type Said = { kind: 'success' | 'error' | 'warning'; text: string; entry?: string | undefined };

/** What a person should hear of a release that was in `before` and is as it is now; nothing when nothing is new. */
export function news(line: ReleaseLine, before: string | undefined): Said | undefined {
  const { release } = line;
  const place = placeOf(release);
  const now = wordOf(line);
  if (before === undefined || before === now) return undefined;
  if (release.trouble) return { kind: 'error', text: `${place}: ${release.trouble}` };
  if (release.state === 'watching') {
    if (release.judgement?.verdict === 'breached')
      return { kind: 'error', text: `${place}: the candidate is breached. ${release.judgement.reasons.join(' ')}` };
    return undefined;
  }
  const { type } = STATES[release.state];
  const kind = type === 'error' || type === 'success' ? type : 'warning';
  return { kind, text: `${place}: ${release.words}`, entry: release.state === 'rolled-back' ? release.entries.at(-1) : undefined };
}

/** What is compared to find out whether something is new. */
function wordOf(line: ReleaseLine): string {
  const { state, judgement, trouble } = line.release;
  return `${state} ${judgement?.verdict === 'breached' ? 'breached' : ''} ${trouble ? 'trouble' : ''}`;
}

/** Says in the frame, whatever view is open, when a release ends, is breached, or is in trouble. */
export function ReleaseNotices() {
  const frame = useFrame();
  const navigate = useNavigate();
  const answer = useOperation('canary_release_list', {});
  const known = useRef(new Map<string, string>());
  useEffect(() => {
    for (const line of answer.data?.releases ?? []) {
      const { id } = line.release;
      const said = news(line, known.current.get(id));
      known.current.set(id, wordOf(line));
      if (said) {
        frame.notify(
          said.kind,
          <Foreign text={said.text} />,
          said.entry && <Button onClick={() => void navigate({ to: '/journal', search: { entry: said.entry } })}>Read the journal</Button>,
        );
      }
    }
  }, [answer.data, frame, navigate]);
  return null;
}
