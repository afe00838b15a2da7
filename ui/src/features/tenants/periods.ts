// What a key used of a quota's period up to each day.
import type { DayUse, QuotaPeriod } from '../../api/bindings';

const DAY = 86_400_000;

/** The first day of the period that a day is in, UTC: weeks are taken to begin on Sunday, as `domain::tenants::quota` has it. */
export function periodBegin(period: QuotaPeriod, day: string): string {
  if (period === 'DAY') return day;
  if (period === 'MONTH') return `${day.slice(0, 8)}01`;
  const at = new Date(`${day}T00:00:00Z`);
  return new Date(at.getTime() - at.getUTCDay() * DAY).toISOString().slice(0, 10);
}

/**
 * The requests of the period up to and with each day, summed from what was used and not from what AWS says is left: that
 * is of another quota for days before a change of the plan. Days of a period whose beginning was not read are left out.
 */
export function soFar(days: readonly DayUse[], period: QuotaPeriod): { day: string; used: number }[] {
  const first = days[0]?.day;
  const sums: { day: string; used: number }[] = [];
  let [begin, sum] = ['', 0];
  for (const { day, used } of days) {
    const of = periodBegin(period, day);
    if (of !== begin) [begin, sum] = [of, 0];
    sum += used;
    if (first !== undefined && begin >= first) sums.push({ day, used: sum });
  }
  return sums;
}
