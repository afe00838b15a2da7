import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { MetricsShow } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';
import { segments } from './segments';

const shown = (over: Partial<MetricsShow> = {}): MetricsShow => ({
  apiName: 'storefront',
  stage: 'prod',
  source: 'stage',
  from: '2026-03-02T09:00:00Z',
  to: '2026-03-02T10:00:00Z',
  period: 60,
  charts: [
    {
      title: 'Requests',
      unit: 'requests',
      thresholds: [],
      lines: [
        {
          title: 'Requests',
          points: [
            [1772442000, 5],
            [1772442060, 7],
            [1772442300, 9],
          ],
        },
      ],
    },
    { title: 'Error rate', unit: 'percent', thresholds: [], lines: [{ title: '5XX', points: [] }] },
  ],
  marks: [
    { at: '2026-03-02T09:10:00Z', kind: 'change', what: 'Set <b>the rate limit</b> to 5', who: 'ana', journalEntry: 'e1', burns: false },
    { at: '2026-03-02T09:20:00Z', kind: 'alarm', what: 'Alarm shop-5xx went off', alarm: 'shop-5xx', burns: true },
  ],
  burning: ['shop-5xx'],
  notes: ['Configuration changes are known from then to then only.'],
  coverage: complete,
  calls: {},
  ...over,
});

const fetched = { fetched: 0, calls: {}, coverage: complete };
const address = '#/metrics?context=demo&api=a1&stage=prod';

test('a period without a value is a hole and not a line', () => {
  expect(segments([], 60)).toEqual([]);
  expect(
    segments(
      [
        [0, 1],
        [60, 2],
        [240, 3],
        [300, 4],
      ],
      60,
    ).map(piece => piece.map(([at]) => at)),
  ).toEqual([
    [0, 60],
    [240, 300],
  ]);
});

test('the latest thing that happened comes first, as text, with its way to more', async () => {
  renderApp({ metrics_show: () => shown(), event_refresh: () => fetched }, address);
  const what = await screen.findByText('Set <b>the rate limit</b> to 5');
  const rows = [...(what.closest('tbody')?.querySelectorAll('tr') ?? [])].map(row => row.textContent);
  expect(rows[0]).toContain('Alarm shop-5xx went off');
  expect(rows[1]).toContain('Journal');
  screen.getByText('No values in this time.');
  screen.getByText(/known from then to then only/);
});

test('the totals of a stage are never taken for those of a route', async () => {
  const { asked } = renderApp(
    {
      metrics_show: () => shown({ source: 'stage-instead', route: 'POST /login', notes: ['POST /login has no metrics of its own.'] }),
      event_refresh: () => fetched,
    },
    `${address}&route=${encodeURIComponent('POST /login')}`,
  );
  await screen.findByText('These are the totals of the stage');
  expect(asked.find(one => one.name === 'metrics_show')?.request).toMatchObject({ route: 'POST /login', hours: 24 });
});

test('a route that is gone is said', async () => {
  renderApp(
    {
      metrics_show: () => {
        throw { code: 'not-found', message: 'There is no route GET /gone on stage prod any more.' };
      },
    },
    `${address}&route=${encodeURIComponent('GET /gone')}`,
  );
  await screen.findByText(/no route GET \/gone on stage prod/);
});

test('another time is another question', async () => {
  const { asked } = renderApp({ metrics_show: () => shown(), event_refresh: () => fetched }, address);
  await userEvent.setup().click(await screen.findByRole('button', { name: '2w' }));
  await screen.findByText('Meanwhile');
  expect(asked.findLast(one => one.name === 'metrics_show')?.request).toMatchObject({ hours: 336 });
});
