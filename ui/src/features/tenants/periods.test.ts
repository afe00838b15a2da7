import { expect, test } from 'vitest';

import { periodBegin, soFar } from './periods';

const use = (day: string, used: number) => ({ day, used, remaining: 0 });

test('a period begins on its day, its Sunday, its first', () => {
  expect(periodBegin('DAY', '2026-03-02')).toBe('2026-03-02');
  expect(periodBegin('WEEK', '2026-03-02')).toBe('2026-03-01');
  expect(periodBegin('WEEK', '2026-03-01')).toBe('2026-03-01');
  expect(periodBegin('WEEK', '2026-02-28')).toBe('2026-02-22');
  expect(periodBegin('MONTH', '2028-02-29')).toBe('2028-02-01');
});

test('requests are summed from the beginning of each period, and a period that is known in part is none', () => {
  const days = [use('2026-01-30', 7), use('2026-02-01', 1), use('2026-02-28', 2), use('2026-03-01', 3), use('2026-03-02', 4)];
  expect(soFar(days, 'MONTH')).toEqual([
    { day: '2026-02-01', used: 1 },
    { day: '2026-02-28', used: 3 },
    { day: '2026-03-01', used: 3 },
    { day: '2026-03-02', used: 7 },
  ]);
  expect(soFar(days, 'WEEK').map(one => one.used)).toEqual([1, 2, 3, 7]);
  expect(soFar([], 'WEEK')).toEqual([]);
});
