/** What the address says of the Alarms view. */
export interface AlarmsSearch {
  tab?: 'coverage';
  /** `context/name` of the alarm that is open. */
  alarm?: string;
  text?: string;
  show?: 'alarm' | 'insufficient-data' | 'troubled';
}

const SHOWN = ['alarm', 'insufficient-data', 'troubled'] as const;

export function readAlarmsSearch(search: Record<string, unknown>): AlarmsSearch {
  const show = SHOWN.find(one => one === search.show);
  const text = (name: string) => (typeof search[name] === 'string' && search[name] !== '' ? search[name] : undefined);
  // Said for every key: what is not said here would stay as somebody wrote it.
  return { tab: search.tab === 'coverage' ? 'coverage' : undefined, alarm: text('alarm'), text: text('text'), show };
}
