// Alarms and metrics in the real window: what burns, creating what is missing, and what happened before it broke.
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

let home: Home;
let window: Window;

beforeAll(async () => {
  home = new Home();
  window = await Window.open(home);
  await window.sees('h1', text => text.startsWith('Routes'));
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
});

afterAll(async () => {
  await window?.close();
  home?.remove();
});

test('what burns is first, and what is wrong with an alarm is said', async () => {
  await window.go('#/alarms');
  const text = await window.sees('[data-testid="alarms-table"]', text => text.includes('app-needs-somebody'));
  expect(text.indexOf('In alarm')).toBeLessThan(text.indexOf('shop-2019-prod-5xx'));
  expect(text).toContain('Watches what is gone');
  expect(text).toContain('Never goes off');
});

test('an alarm has its history beside it, and leads to the metrics that it watches', async () => {
  await window.go('#/alarms?alarm=demo%2Fmobile-4xx');
  const panel = await window.sees('[data-testid="alarm-panel"]', text => text.includes('→'));
  expect(panel).toContain('4XX errors of mobile/$default over 1 percent in 3 of 5 minutes');
  await window.screenshot('alarm');
  await window.press('Metrics of mobile/$default');
  const text = await window.sees('[data-testid="metrics"]', text => text.includes('Meanwhile'));
  expect(text).toContain('mobile-4xx is in alarm');
  expect(text).toContain('Error rate');
});

test('a route shows its own metrics with what happened meanwhile', async () => {
  await window.go('#/routes?text=v2/login');
  await window.click('[data-route-id$="prod/POST/v2/login"]');
  await window.sees('[data-testid="route-panel"]', text => text.includes('best-effort'));
  await window.press('Metrics', '//*[@data-testid="route-panel"]');
  await window.sees('[data-testid="metrics"]', text => text.includes('Meanwhile'));
  await window.press('1w');
  const text = await window.sees('[data-testid="marks"]', text => text.includes('rate limit of POST /v2/login'));
  expect(text).toContain('Configuration');
  await window.screenshot('metrics');
});

test('the missing alarms of a stage are made in one plan [alarm_create]', async () => {
  await window.go('#/alarms?tab=coverage');
  await window.sees('[data-testid="coverage-table"]', text => text.includes('Missing'));
  await window.click('[data-testid="coverage-table"] input[aria-label^="partner/prod"]');
  await window.press('Create 2 missing alarms');
  await window.sees('[role="dialog"]', text => text.includes('Whom to tell') && text.includes('shop-'));
  await window.press('Review the plan');
  await window.press('Allow changes');
  await window.sees(
    '[data-testid="plan"]',
    text => text.includes('apigateway-partner-prod-latency') && text.includes('Kept in the journal'),
  );
  await window.replace('[role="dialog"] textarea', 'nobody was told');
  await window.click('[data-testid="apply-plan"]');
  await window.sees('body', text => text.includes('applied and read back'));
  await window.go('#/alarms?text=apigateway-partner');
  const text = await window.sees('[data-testid="alarms-table"]', text => text.includes('apigateway-partner-prod-latency'));
  expect(text).toContain('shop-');
});
