import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import type { AlarmLine, AlarmPlace, AlarmState, AlarmSubject, AlarmTroubleKind, AlarmCoverVerdict } from '../../api/bindings';

/** An alarm's state in AWS's words, with a sign that is not only a colour. */
export const ALARM_STATES: Record<AlarmState, { type: StatusIndicatorProps.Type; text: string }> = {
  alarm: { type: 'error', text: 'In alarm' },
  'insufficient-data': { type: 'pending', text: 'Insufficient data' },
  unknown: { type: 'info', text: 'Unknown' },
  ok: { type: 'success', text: 'OK' },
};

export function AlarmStateWords({ state }: { state: AlarmState }) {
  return <StatusIndicator type={ALARM_STATES[state].type}>{ALARM_STATES[state].text}</StatusIndicator>;
}

/** What is wrong with an alarm, in two or three words. */
export const TROUBLES: Record<AlarmTroubleKind, string> = {
  gone: 'Watches what is gone',
  'never-fires': 'Never goes off',
  'tells-nobody': 'Tells nobody',
  'no-data': 'No data for a day',
  shared: 'Shares its metric',
  unchecked: 'Not checked',
};

export const VERDICTS: Record<AlarmCoverVerdict, { type: StatusIndicatorProps.Type; text: string }> = {
  covered: { type: 'success', text: 'Alarm' },
  silent: { type: 'warning', text: 'Tells nobody' },
  wider: { type: 'info', text: 'Wider only' },
  missing: { type: 'error', text: 'Missing' },
  'no-metric': { type: 'stopped', text: 'No metric of its own' },
};

export const SUBJECTS: Record<AlarmSubject, string> = {
  'server-errors': 'Server errors (5XX)',
  'client-errors': 'Client errors (4XX)',
  latency: 'Latency',
};

/** Addresses an alarm in the window's own address. */
export const alarmKey = (line: AlarmLine) => `${line.alarm.context}/${line.alarm.name}`;

/** `arn:aws:sns:eu-west-1:111122223333:shop-oncall` -> `shop-oncall`. */
export const actionName = (arn: string) => arn.split(':').at(-1) ?? arn;

export const placeLabel = (place: AlarmPlace) =>
  `${place.apiName}${place.stage ? `/${place.stage}` : ''}${place.route ? ` ${place.route}` : ''}`;
