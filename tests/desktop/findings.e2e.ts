import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

const home = new Home();
let window: Window;

const TABLE = 'table[aria-label="Findings"]';

beforeAll(async () => {
  window = await Window.open(home);
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
});

afterEach(async context => {
  if (context.task.result?.state === 'fail') await window.screenshot(context.task.name.replaceAll(/\W+/g, '-'));
});

afterAll(async () => {
  await window?.close();
  home.remove();
});

test('what is wrong with the demo account is told, the worst first', async () => {
  await window.go('#/findings');
  const table = await window.sees(TABLE, text => text.includes('/admin/orders/{orderId}/refund'));
  expect(table.indexOf('Critical')).toBeLessThan(table.indexOf('High'));
  await window.press('Check now');
  await window.sees('main', text => text.includes('Checked just now'));
});

test('a finding shows its evidence and what to do', async () => {
  await window.go('#/findings?text=refund%20G1');
  await window.sees(TABLE, text => text.includes('/admin/orders/{orderId}/refund') && !text.includes('/v2/products'));
  await window.click(`${TABLE} tbody a`);
  const panel = await window.sees('body', text => text.includes('Why it matters'));
  expect(panel).toContain('/apiSummary/~1admin~1orders~1{orderId}~1refund/POST/authorizationType');
  expect(panel).toContain('aws apigateway create-deployment');
});

test('the overview sums up and leads to the findings', async () => {
  await window.go('#/overview');
  const overview = await window.sees('main', text => text.includes('Look at these first') && text.includes('storefront prod'));
  expect(overview).toContain('Alarms burning');
  await window.click('button[aria-label$="critical for admin"]');
  await window.sees(TABLE, text => text.includes('/admin/orders/{orderId}/refund'));
});

test('a finding is put right by a plan that can be read first', async () => {
  await window.go('#/findings?control=G5&text=v1/login');
  await window.sees(TABLE, text => text.includes('POST /v1/login'));
  await window.click(`${TABLE} tbody a`);
  await window.sees('body', text => text.includes('Plan the change'));
  await window.press('Plan the change');
  await window.press('Review the plan');
  const plan = await window.sees('[role="dialog"]', text => text.includes('One call to AWS'));
  expect(plan).toContain('POST /v1/login: rate limit');
  await window.screenshot('finding-plan');
  await window.press('Cancel');
});
