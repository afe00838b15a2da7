import type { ContextPosture } from '../../api/bindings';
import { SEVERITIES } from '../findings/search';
import { SEVERITY_WORDS } from '../findings/words';

/** Failures by audience and severity; every number leads to its findings. */
export function AudienceMatrix({ posture, follow }: { posture: ContextPosture; follow(search: Record<string, unknown>): void }) {
  if (posture.audiences.length === 0) return <p>Nothing was read yet.</p>;
  return (
    <table className="overview-matrix">
      <caption>Findings by audience and severity</caption>
      <thead>
        <tr>
          <th scope="col">Audience</th>
          <th scope="col">Routes</th>
          {SEVERITIES.map(severity => (
            <th key={severity} scope="col">
              {SEVERITY_WORDS[severity]}
            </th>
          ))}
          <th scope="col">Not known</th>
        </tr>
      </thead>
      <tbody>
        {posture.audiences.map(({ audience, routes, severities, unknown }) => (
          <tr key={audience}>
            <th scope="row">{audience}</th>
            <td>{routes}</td>
            {severities.map(([severity, count]) => (
              <td key={severity} className={count > 0 ? `overview-cell overview-${severity}` : 'overview-cell overview-none'}>
                {count > 0 ? (
                  <button
                    type="button"
                    aria-label={`${count} ${SEVERITY_WORDS[severity].toLowerCase()} for ${audience}`}
                    onClick={() => follow({ audience, severity })}
                  >
                    {count}
                  </button>
                ) : (
                  '·'
                )}
              </td>
            ))}
            <td className={unknown > 0 ? 'overview-cell' : 'overview-cell overview-none'}>
              {unknown > 0 ? (
                <button
                  type="button"
                  aria-label={`${unknown} not known for ${audience}`}
                  onClick={() => follow({ audience, state: 'unknown' })}
                >
                  {unknown}
                </button>
              ) : (
                '·'
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
