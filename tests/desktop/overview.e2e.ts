// The overview in the real window: the state of the demo account's gateway on one screen.
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

let home: Home;
let window: Window;

beforeAll(async () => {
  home = new Home();
  window = await Window.open(home);
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
});

afterAll(async () => {
  await window?.close();
  home?.remove();
});

test('before a check nothing is said to be well', async () => {
  await window.go('#/overview');
  const text = await window.sees('main', text => text.includes('Not checked yet'));
  expect(text).toMatch(/Alarms burning\s+Alarms were not read yet/);
  expect(text).toMatch(/Tenants near their quota\s+Usage was not read yet/);
});

test('one screen says what is wrong, what burns, what is under way and what changed last', async () => {
  await window.press('Check now');
  const text = await window.sees('main', text => /Tenants near their quota\s+\d+ key/.test(text));
  expect(text).toMatch(/Findings by audience and severity[\s\S]*admin\s+\d+\s+\d+/);
  // A composite alarm and the metric that it stands on; which else burn depends on the hour.
  expect(text).toMatch(/Alarms burning\s+app-needs-somebody[\s\S]*mobile-4xx/);
  expect(text).toMatch(/Canaries running\s+storefront prod \d+ %/);
  expect(text).toMatch(/Not known\s+\d+ verdicts/);
  const changes = await window.sees('[data-testid="latest-changes"]', text => text.includes('POST /v2/coupons/redeem'));
  expect(changes).toContain('ben@shop.example');
  await window.screenshot('overview');
});

test('an alarm leads to its line', async () => {
  await window.press('app-needs-somebody', '//main');
  const line = await window.sees('[data-testid="alarms-table"]', text => text.includes('app-needs-somebody'));
  expect(line).toContain('In alarm');
});
