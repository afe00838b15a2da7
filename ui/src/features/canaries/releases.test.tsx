import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { CanaryLine, CanarySample, CanaryTemplate, CanaryWatch, CoverageLine, Release, ReleaseLine } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';
import { readSteps } from './ReleaseBegin';
import { news } from './ReleaseNotices';

const stage = { context: 'demo', apiId: 'a1', stage: 'prod' };
const criteria = { leastRequests: 50, serverErrorsCeiling: 5, margin: 0.5, latencyRatio: 1.5, falseAlarms: 1, minutes: 30 };

function sample(requests: number, serverErrors: number): CanarySample {
  return { requests, serverErrors, clientErrors: 0, latencyAverage: 81, latencyP50: 70, latencyP90: 120, latencyP99: 300 };
}

function watch(change: Partial<CanaryWatch> = {}): CanaryWatch {
  return {
    release: { state: 'running', percent: 10, notes: [] },
    source: 'stage-canary-dimension',
    sourceWords: 'CloudWatch has series of its own for the canary.',
    beginning: { at: '2026-03-02T15:00:00Z', source: 'journal', words: 'This console attached the candidate at 15:00.' },
    candidate: sample(1000, 60),
    baseline: sample(9000, 9),
    minutes: [{ minute: 1_772_463_600, candidate: sample(1000, 60), baseline: sample(9000, 9) }],
    routes: [{ route: 'POST /coupons', candidate: sample(100, 60), baseline: sample(900, 0) }],
    alarms: [],
    judgement: { verdict: 'breached', reasons: ['POST /coupons fails.'] },
    notes: [],
    coverage: complete,
    from: '2026-03-02T15:00:00Z',
    to: '2026-03-02T15:01:00Z',
    ...change,
  };
}

function release(change: Partial<Release> = {}): ReleaseLine {
  return {
    release: {
      id: 'r1',
      target: { kind: 'restStage', context: 'demo', apiId: 'a1', apiName: 'storefront', stage: 'prod' },
      candidate: 'd2',
      terms: { criteria, mode: 'automatic', steps: [] },
      begun: '2026-03-02T15:00:00Z',
      since: '2026-03-02T15:00:00Z',
      deadline: '2026-03-02T15:30:00Z',
      begunBy: { callerArn: 'arn', localUser: 'ana' },
      confirmation: 'It removes the canary by itself.',
      expected: {},
      step: 0,
      stepSince: '2026-03-02T15:00:00Z',
      state: 'watching',
      words: 'It is looked at every minute.',
      looks: 3,
      looked: '2026-03-02T15:03:00Z',
      gaps: [],
      entries: [],
      ...change,
    },
    stage,
    next: ['If the candidate is breached, the console removes the canary by itself, within a minute.'],
    minutesLeft: 27,
  };
}

const line: CanaryLine = {
  ...stage,
  account: '111122223333',
  region: 'eu-west-1',
  apiName: 'storefront',
  apiKind: 'REST',
  baselineDeployment: 'd1',
  candidateDeployment: 'd2',
  release: { state: 'running', percent: 10, notes: [] },
} as CanaryLine;

const templates: CanaryTemplate[] = [
  { name: 'watch', words: 'Asks a person.', builtIn: true, terms: { criteria, mode: 'recommend', steps: [] } },
  { name: 'steps', words: 'Widens.', builtIn: true, terms: { criteria, mode: 'automatic', steps: [{ percent: 5, minutes: 10 }] } },
];

const operator = {
  spec: { source: { kind: 'demo' as const } },
  label: 'demo',
  account: '111122223333',
  region: 'eu-west-1',
  access: { mode: 'operator' as const, protected: true },
};

const covered: CoverageLine = {
  row: {
    ...stage,
    apiName: 'storefront',
    apiKind: 'REST',
    route: null,
    routeId: null,
    cells: [{ subject: 'server-errors', verdict: 'missing', alarms: [] }],
  },
  missing: ['server-errors'],
} as unknown as CoverageLine;

function open(releases: ReleaseLine[], seen: CanaryWatch = watch(), more: Partial<CanaryLine> = {}) {
  return renderApp(
    {
      canary_list: () => ({ items: [{ ...line, ...more }], coverage: complete }),
      canary_release_list: () => ({ releases }),
      canary_template_list: () => ({ templates }),
      canary_watch: () => seen,
      demo_clock_set: () => ({ now: '2026-03-02T15:03:00Z', speed: 1, settable: false }),
      context_list: () => ({ profiles: [], defaultChain: false, regions: ['eu-west-1'], open: [operator] }),
      canary_release_begin: () => release(),
      alarm_coverage: () => ({ items: [covered], missing: 1, coverage: complete, calls: {} }),
      topic_list: () => ({ items: [], coverage: complete }),
      alarm_create: () => new Promise(() => undefined),
    } as Parameters<typeof renderApp>[0],
    '#/canaries?stage=demo%2Fa1%2Fprod',
  );
}

test('numbers stand side by side, and what could not be separated is marked', async () => {
  open([]);
  const table = await screen.findByRole('table', { name: 'Candidate and baseline' }, { timeout: 20_000 });
  const rows = within(table).getAllByRole('row');
  expect(rows[1]?.textContent).toContain('6.00 %');
  expect(rows[2]?.textContent).toContain('300 ms *');
  expect(screen.getByText(/a percentile cannot be had by subtraction/)).toBeTruthy();
  expect(screen.getByText('POST /coupons')).toBeTruthy();
});

test('what the console may do by itself needs the name of a protected context and a tick', async () => {
  const user = userEvent.setup();
  const { asked } = open([]);
  const begin = await screen.findByTestId('release-begin', {}, { timeout: 20_000 });
  await user.click(within(begin).getByRole('radio', { name: /Roll back automatically/ }));
  const button = within(begin).getByRole('button', { name: 'Begin the watch' });
  expect((button as HTMLButtonElement).disabled || button.getAttribute('aria-disabled') === 'true').toBe(true);
  await user.type(within(begin).getByRole('textbox', { name: 'Name of the context demo' }), 'demo');
  await user.click(within(begin).getByRole('checkbox', { name: 'I want exactly this' }));
  await user.click(within(begin).getByRole('button', { name: 'Begin the watch' }));
  const request = asked.find(call => call.name === 'canary_release_begin')?.request;
  expect(request).toMatchObject({ confirmed: true, typed: ['demo'], terms: { mode: 'automatic', steps: [] } });
});

test('a release under watch says what happens next, and its trouble', async () => {
  open([release({ trouble: 'The canary could not be removed.' })]);
  const shown = await screen.findByTestId('release', {}, { timeout: 20_000 });
  expect(shown.textContent).toContain('removes the canary by itself, within a minute');
  expect(shown.textContent).toContain('27 minutes left');
  expect(shown.textContent).toContain('The canary could not be removed.');
  expect(screen.queryByTestId('release-begin')).toBeNull();
});

test('steps are read as they are typed', () => {
  expect(readSteps('5, 10:20 ,25%:5')).toEqual([
    { percent: 5, minutes: 10 },
    { percent: 10, minutes: 20 },
    { percent: 25, minutes: 5 },
  ]);
  expect(readSteps('')).toEqual([]);
  expect(readSteps('many:few')).toEqual([{ percent: 0, minutes: 0 }]);
});

test('news is told once, and only when it is new', () => {
  const watching = 'watching  ';
  expect(news(release(), undefined)).toBeUndefined();
  expect(news(release(), watching)).toBeUndefined();
  const taken = news(release({ state: 'rolled-back', words: 'removed by itself', entries: ['e1', 'e2'] }), watching);
  expect(taken).toEqual({ kind: 'error', text: 'storefront, prod: removed by itself', entry: 'e2' });
  const breached = release({ judgement: { verdict: 'breached', reasons: ['It fails.'] } });
  expect(news(breached, watching)?.text).toContain('the candidate is breached. It fails.');
  expect(news(breached, 'watching breached ')).toBeUndefined();
});

test('the source of the numbers is named, and a log has percentiles of its own', async () => {
  const notes = ['The lines are of log group /shop.'];
  open([], watch({ source: 'access-log', sourceWords: 'Each side is counted from the lines.', notes }));
  const table = await screen.findByRole('table', { name: 'Candidate and baseline' }, { timeout: 20_000 });
  expect(within(table).getAllByRole('row')[2]?.textContent).not.toContain('*');
  const shown = screen.getByTestId('canary-watch').textContent;
  expect(shown).toContain('asked with CloudWatch Logs Insights');
  expect(shown).toContain('log group /shop');
  expect(shown).not.toContain('cannot be had by subtraction');
});

test('who notices while the program does not run is said, and the alarm that is missing is planned for exactly this stage', async () => {
  const user = userEvent.setup();
  const { asked } = open([]);
  const guard = await screen.findByTestId('stage-guard', {}, { timeout: 20_000 });
  expect(guard.textContent).toContain('The watch runs only while Portcullis runs');
  await user.click(await within(guard).findByRole('button', { name: 'Create the missing alarm' }));
  const topic = await screen.findByTestId('alarm-topic');
  await user.click(within(topic).getByRole('button'));
  await user.click(await screen.findByText('Nobody'));
  await user.click(screen.getByRole('button', { name: 'Review the plan' }));
  const request = asked.find(call => call.name === 'alarm_create')?.request;
  expect(request).toMatchObject({ wanted: [{ stage, subjects: ['server-errors'] }] });
});

test('how the last release ended is on screen, whatever came before it', async () => {
  const ended = release({ id: 'r2', state: 'rolled-back', words: 'The console removed the canary by itself.' });
  const before = release({ id: 'r1', state: 'stopped', words: 'ana ended the watch.' });
  open([ended, before], watch(), { release: { state: 'none', percent: 0, notes: [] } });
  const past = await screen.findByTestId('past-releases', {}, { timeout: 20_000 });
  const fold = within(past).getByRole('button', { name: /Releases before it \(1\)/ });
  expect(fold.getAttribute('aria-expanded')).toBe('false');
  const [unfolded, folded] = past.textContent.split('Releases before it');
  expect(unfolded).toContain('Rolled back by itself');
  expect(folded).toContain('ana ended the watch.');
});
