import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { AlarmCoverage, AlarmLine, AlarmList, AlarmListRequest, AlarmCoverVerdict } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';

const ONCALL = 'arn:aws:sns:eu-west-1:111122223333:oncall';

const line = (over: Partial<AlarmLine['alarm']> = {}, more: Partial<AlarmLine> = {}): AlarmLine => ({
  alarm: {
    context: 'demo',
    name: 'shop-5xx',
    arn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-5xx',
    kind: 'metric',
    state: 'alarm',
    since: '2026-03-02T10:00:00Z',
    reason: 'Threshold Crossed',
    metrics: [],
    actionsEnabled: true,
    alarmActions: [ONCALL],
    okActions: [],
    insufficientDataActions: [],
    ...over,
  },
  watches: '5XX errors of shop/prod over 5 percent in 3 of 3 minutes',
  places: [{ apiId: 'a1', apiName: 'shop', stage: 'prod' }],
  troubles: [],
  tells: true,
  parents: [],
  children: [],
  ...more,
});

const list = (items: AlarmLine[], over: Partial<AlarmList> = {}): AlarmList => ({
  total: items.length,
  matching: items.length,
  burning: items.filter(one => one.alarm.state === 'alarm').length,
  troubled: items.filter(one => one.troubles.length > 0).length,
  items,
  readAt: '2026-03-02T10:00:00Z',
  coverage: complete,
  calls: {},
  ...over,
});

const covered = (verdicts: AlarmCoverVerdict[]): AlarmCoverage => ({
  items: [
    {
      row: {
        context: 'demo',
        apiId: 'a1',
        apiName: 'shop',
        apiKind: 'REST',
        stage: 'prod',
        cells: (['server-errors', 'client-errors', 'latency'] as const).map((subject, at) => ({
          subject,
          verdict: verdicts[at] ?? 'missing',
          alarms: [],
        })),
      },
      missing: (['server-errors', 'client-errors', 'latency'] as const).filter((_, at) => verdicts[at] === 'missing'),
    },
  ],
  missing: verdicts.filter(verdict => verdict === 'missing').length,
  coverage: complete,
  calls: {},
});

test('what burns is a line that says whom it tells, and one that tells nobody says so', async () => {
  const silent = line({ name: 'quiet', state: 'ok', alarmActions: [] }, { tells: false });
  renderApp({ alarm_list: () => list([line(), silent]) }, '#/alarms');
  const burning = (await screen.findByText('shop-5xx')).closest('tr');
  expect(burning?.textContent).toContain('In alarm');
  expect(burning?.textContent).toContain('oncall');
  expect(screen.getByText('quiet').closest('tr')?.textContent).toContain('Nobody');
  screen.getByText(/1 in alarm/);
});

test('alarms that could not be read are not no alarms', async () => {
  const gap = {
    context: 'demo',
    service: 'cloudwatch',
    operation: 'DescribeAlarms',
    resource: 'the alarms',
    kind: 'denied' as const,
    code: 'AccessDenied',
    message: 'The alarms were not read: AWS denied it.',
    requestId: 'req-7',
  };
  renderApp({ alarm_list: () => list([], { coverage: { complete: false, gaps: [gap] } }) }, '#/alarms');
  await screen.findByText('No alarm is known');
  await screen.findByText(/req-7/);
});

test('what is asked is asked of the host and stands in the address', async () => {
  const asked: AlarmListRequest[] = [];
  renderApp(
    {
      alarm_list: request => {
        asked.push(request);
        return list([]);
      },
    },
    '#/alarms?show=nonsense',
  );
  const person = userEvent.setup();
  await person.click(await screen.findByRole('button', { name: /Show/ }));
  await person.click(await screen.findByRole('option', { name: 'In alarm' }));
  await screen.findByText('No alarm matches');
  expect(asked[0]).toMatchObject({ state: null, troubled: false });
  expect(asked.at(-1)).toMatchObject({ state: 'alarm' });
  await waitFor(() => expect(window.location.hash).toContain('show=alarm'));
});

test('the panel has the history and the problems, and markup in names is text', async () => {
  const hostile = line({ name: '<img src=x onerror=alert(1)>' }, { troubles: [{ kind: 'gone', message: 'There is no API <b>shop</b>.' }] });
  renderApp(
    {
      alarm_list: () => list([hostile]),
      alarm_history: () => ({
        items: [
          {
            alarm: 'x',
            at: '2026-03-02T09:00:00Z',
            kind: 'state',
            summary: 'Alarm updated from OK to ALARM',
            from: 'ok',
            to: 'alarm',
            reason: 'Threshold Crossed: 3 datapoints',
            data: '{}',
          },
        ],
        more: false,
        from: '',
        to: '',
      }),
    },
    `#/alarms?alarm=${encodeURIComponent('demo/<img src=x onerror=alert(1)>')}`,
  );
  await screen.findByText('OK → In alarm');
  await screen.findByText('There is no API <b>shop</b>.');
  expect(document.querySelector('img')).toBeNull();
});

test('missing alarms are planned with the recommended numbers and the topic that is told already', async () => {
  const { asked } = renderApp(
    {
      alarm_coverage: () => covered(['covered', 'missing', 'missing']),
      topic_list: () => ({ items: [{ arn: ONCALL, name: 'oncall', alarms: 3 }], coverage: complete }),
      alarm_create: () => {
        throw { code: 'invalid-input', message: 'A share of failed requests is 0 to under 100 percent; x is not.' };
      },
    },
    '#/alarms?tab=coverage',
  );
  const person = userEvent.setup();
  await person.click(await screen.findByRole('button', { name: 'Create 2 missing alarms' }));
  await screen.findByText('oncall');
  expect(screen.queryByRole('textbox', { name: 'Server errors (5XX): threshold' })).toBeNull();
  const threshold = screen.getByRole('textbox', { name: 'Client errors (4XX): threshold' });
  await person.clear(threshold);
  await person.type(threshold, 'x');
  await person.click(screen.getByRole('button', { name: 'Review the plan' }));
  await screen.findByText(/0 to under 100 percent/);
  const request = asked.find(one => one.name === 'alarm_create')?.request as Record<string, unknown>;
  expect(request).toMatchObject({
    topicArn: ONCALL,
    wanted: [{ stage: { context: 'demo', apiId: 'a1', stage: 'prod' }, routeId: null, subjects: ['client-errors', 'latency'] }],
  });
  expect(request.thresholds).toContainEqual({ subject: 'client-errors', threshold: 'x', datapoints: '5', periods: '5' });
});

test('a stage that has everything offers nothing', async () => {
  renderApp({ alarm_coverage: () => covered(['covered', 'silent', 'covered']) }, '#/alarms?tab=coverage');
  await screen.findByText('Tells nobody');
  expect((screen.getByRole('button', { name: 'Create 0 missing alarms' }) as HTMLButtonElement).disabled).toBe(true);
});
