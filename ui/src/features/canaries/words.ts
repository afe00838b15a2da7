import type { CanarySource, CanaryVerdict, Release, ReleaseMode, ReleaseState } from '../../api/bindings';

/** What an alert or an indicator looks like. */
export type Kind = 'success' | 'error' | 'warning' | 'info';

export const VERDICTS: Record<CanaryVerdict, { text: string; type: 'success' | 'error' | 'info' }> = {
  healthy: { text: 'Healthy', type: 'success' },
  breached: { text: 'Breached', type: 'error' },
  inconclusive: { text: 'Inconclusive', type: 'info' },
};

export const MODES: Record<ReleaseMode, { text: string; description: string }> = {
  observe: { text: 'Observe', description: 'Shows the verdict and does nothing.' },
  recommend: { text: 'Recommend', description: 'Asks you to roll back when the candidate is breached.' },
  automatic: { text: 'Roll back automatically', description: 'Removes the canary by itself when the candidate is breached.' },
};

export const STATES: Record<ReleaseState, { text: string; type: Kind | 'in-progress' | 'stopped' }> = {
  watching: { text: 'Under watch', type: 'in-progress' },
  healthy: { text: 'Healthy to the end', type: 'success' },
  inconclusive: { text: 'Over, inconclusive', type: 'warning' },
  breached: { text: 'Breached', type: 'error' },
  'rolled-back': { text: 'Rolled back by itself', type: 'error' },
  promoted: { text: 'Promoted', type: 'success' },
  removed: { text: 'Canary removed', type: 'stopped' },
  conflict: { text: 'Somebody changed the stage', type: 'warning' },
  stopped: { text: 'Watch ended', type: 'stopped' },
};

export const SOURCES: Record<CanarySource, string> = {
  'stage-canary-dimension': 'CloudWatch metrics of the canary and its stage',
  'access-log': "The stage's access log, asked with CloudWatch Logs Insights",
  'whole-stage': 'CloudWatch metrics of the whole stage: candidate and baseline are not told apart',
};

/** `storefront, prod`. */
export function placeOf(release: Release): string {
  return release.target.kind === 'restStage' ? `${release.target.apiName}, ${release.target.stage}` : '';
}

/** Errors as a share, `0.52 %`; a dash without requests. */
export function rate(errors: number, requests: number): string {
  return requests === 0 ? '–' : `${((errors / requests) * 100).toFixed(2)} %`;
}

export function ms(value: number | null | undefined): string {
  return typeof value === 'number' ? `${Math.round(value)} ms` : '–';
}

/** `10:42`, in UTC as CloudWatch and CloudTrail say it. */
export function clock(at: string | Date): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
}
