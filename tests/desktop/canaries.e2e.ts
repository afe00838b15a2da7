import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

const home = new Home();
let window: Window;

const PANEL = '[data-testid="canary-panel"]';

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

/** Reads the plan that is shown, allows what has to be allowed, and applies it. */
async function apply(contains: string): Promise<string> {
  const plan = await window.sees('[data-testid="plan"]', text => text.includes(contains));
  if (plan.includes('is read-only')) {
    await window.press('Allow changes');
    await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  }
  if (plan.includes('Read this first')) await window.click('[role="dialog"] input[type="checkbox"]');
  if (plan.includes('More people can reach')) await window.click('[data-testid="plan-exposes"] input[type="checkbox"]');
  await window.click('[data-testid="apply-plan"]');
  await window.gone('[data-testid="plan"]');
  await window.sees('body', text => text.includes('applied and read back'));
  return plan;
}

test('the canary that runs is listed, judged, and said to block deployments', async () => {
  await window.go('#/canaries');
  await window.sees('[data-testid="canaries"]', text => text.includes('storefront, prod') && text.includes('10 %'));
  await window.press('storefront, prod');
  const watch = await window.sees('[data-testid="canary-watch"]', text => /Healthy|Inconclusive/.test(text));
  expect(watch).toContain('Stage = prod/Canary');
  await window.sees(PANEL, text => text.includes('blocked while the canary is attached'));
});

test('its share is changed', async () => {
  await window.replace(`${PANEL} input[aria-label="Share of the requests"]`, '25');
  await window.press('Change the share');
  await apply('canary: share of requests (percent)');
  await window.sees('[data-testid="canaries"]', text => text.includes('25 %'));
});

test('it is promoted in two calls, and rolled back to what was before', async () => {
  const before = await window.sees('[data-testid="canaries"]', text => text.includes('storefront, prod'));
  await window.press('Promote');
  const plan = await apply('2 calls to AWS');
  expect(plan).toContain('canary: deployment');
  await window.sees(PANEL, text => text.includes('Start a canary'));
  await window.press('Roll back');
  await apply('Undo sets');
  await window.click('[data-testid="canaries"] input[type="checkbox"]');
  const baseline = (text: string) => /storefront, prod\s+(\w+)/.exec(text)?.[1];
  const was = baseline(before);
  expect(was).toMatch(/^\w{6}$/);
  await window.sees('[data-testid="canaries"]', text => text.includes('clinic-portal') && baseline(text) === was);
});

test('a candidate that opens a route says so before it starts', async () => {
  await window.replace(`${PANEL} input[aria-label="Description"]`, 'The coupon engine, rewritten');
  await window.press('Review the plan');
  const plan = await apply('becomes open');
  expect(plan).toContain('/v2/orders/{orderId}/invoice');
  await window.sees('[data-testid="canary-watch"]', text => text.includes('Breached') && text.includes('coupon'));
  await window.screenshot('canary-breached');
  await window.press('Roll back');
  await apply('canary');
  await window.sees(PANEL, text => text.includes('Start a canary'));
});
