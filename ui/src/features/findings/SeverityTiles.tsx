import type { PostureRun } from '../../api/bindings';
import type { FindingsSearch } from './search';
import { SEVERITY_WORDS } from './words';

/** How many of each, and a way to see only them. */
export function SeverityTiles({
  run,
  chosen,
  choose,
}: {
  run: PostureRun;
  chosen: FindingsSearch;
  choose(next: Partial<FindingsSearch>): void;
}) {
  const tile = (key: string, words: string, count: number, pressed: boolean, next: Partial<FindingsSearch>) => (
    <button key={key} type="button" className={`findings-tile findings-tile-${key}`} aria-pressed={pressed} onClick={() => choose(next)}>
      <span className="findings-tile-count">{count}</span>
      <span>{words}</span>
    </button>
  );
  return (
    <div className="findings-tiles" role="group" aria-label="Findings by severity">
      {run.failing.map(([severity, count]) => {
        const pressed = chosen.severity === severity;
        return tile(severity, SEVERITY_WORDS[severity], count, pressed, { severity: pressed ? undefined : severity, state: undefined });
      })}
      {tile('unknown', 'Not known', run.unknown, chosen.state === 'unknown', {
        state: chosen.state === 'unknown' ? undefined : 'unknown',
        severity: undefined,
      })}
      {tile('new', 'New or back', run.new + run.returned, chosen.state === 'new', {
        state: chosen.state === 'new' ? undefined : 'new',
        severity: undefined,
      })}
      {tile('accepted', 'Accepted', run.excepted, chosen.state === 'accepted', {
        state: chosen.state === 'accepted' ? undefined : 'accepted',
        severity: undefined,
      })}
    </div>
  );
}
