import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Key, Window } from './window';

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

test('its share is changed [canary_set]', async () => {
  await window.replace(`${PANEL} input[aria-label="Share of the requests"]`, '25');
  await window.press('Change the share');
  await apply('canary: share of requests (percent)');
  await window.sees('[data-testid="canaries"]', text => text.includes('25 %'));
});

test('it is promoted in two calls, and rolled back to what was before [canary_promote, canary_rollback]', async () => {
  const before = await window.sees('[data-testid="canaries"]', text => text.includes('storefront, prod'));
  await window.press('Promote');
  const plan = await apply('2 calls to AWS');
  expect(plan).toContain('canary: deployment');
  await window.sees(PANEL, text => text.includes('Start a canary'));
  await window.press('Roll back');
  await apply('Undo sets');
  await window.click('[data-testid="canaries"] input[type="checkbox"]');
  const baseline = (text: string) => /storefront, prod\s+(?:[\d.]+ %|–)\s+(\w+)/.exec(text)?.[1];
  const was = baseline(before);
  expect(was).toMatch(/^\w{6}$/);
  await window.sees('[data-testid="canaries"]', text => text.includes('clinic-portal') && baseline(text) === was);
});

test('a canary is started from a deployment that is chosen by its description, which opens a route and says so [canary_start]', async () => {
  await window.click(`${PANEL} input[value="deployment"]`);
  await window.type(`${PANEL} button[aria-haspopup]`, Key.ENTER, Key.ARROW_DOWN, Key.ENTER);
  await window.sees('[data-testid="difference"]', text => text.includes('Routes that differ'));
  await window.click(`${PANEL} input[value="draft"]`);
  await window.replace(`${PANEL} input[aria-label="Description"]`, 'The coupon engine, rewritten');
  await window.sees('[data-testid="difference"]', text => text.includes('becomes open'));
  await window.press('Review the plan');
  const plan = await apply('More people can reach these routes');
  expect(plan).toContain('/v2/orders/{orderId}/invoice becomes open');
  await window.sees('[data-testid="canaries"]', text => text.includes('Running'));
});

test('Shift and B rolls it back from another view', async () => {
  await window.go('#/journal');
  await window.gone(PANEL);
  await window.driver.actions().keyDown(Key.SHIFT).sendKeys('b').keyUp(Key.SHIFT).perform();
  await window.sees('[data-testid="roll-back-choice"]', text => text.includes('storefront, prod'));
  await window.click('[data-testid="roll-back-choice"] button[aria-label="Roll back storefront, prod"]');
  await apply('canary: deployment');
  await window.go('#/canaries');
  await window.sees('[data-testid="canaries"]', text => text.includes('No canaries'));
});

test('an HTTP API has no canary: its deployments are listed, and why its stage cannot be moved is said', async () => {
  await window.click('[data-testid="canaries"] input[type="checkbox"]');
  await window.press('mobile, $default');
  await window.sees(PANEL, text => text.includes('have no canary'));
  await window.sees('[data-testid="deployments"]', text => text.includes('autoDeploy') && text.includes('$default'));
});

test('a REST stage is moved to an earlier deployment and back [stage_deployment_set]', async () => {
  await window.press('storefront, staging');
  await window.sees(PANEL, text => text.includes('Start a canary'));
  await window.press('Deployments');
  await window.sees('[data-testid="deployments"]', text => text.includes('Search, second try'));
  await window.click('[data-testid="deployments"] button[aria-label^="Move the stage"]');
  await apply('One call to AWS');
  await window.click('[data-testid="undo-change"]');
  await apply('One call to AWS');
});
