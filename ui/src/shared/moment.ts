// Moments as every view says them: in the time zone of the person's machine, day before month by name.

const options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };

/** `2 Mar 2026, 10:00`; empty for a moment that is not known. */
export function momentOf(at: string | null | undefined, more: Intl.DateTimeFormatOptions = {}): string {
  if (!at) return '';
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleString('en-GB', { ...options, ...more });
}
