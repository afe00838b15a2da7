// Limits where they stand: of routes that are picked one by one, of a usage plan's methods, of a route's layers.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Key, Window } from './window';

const home = new Home();
let window: Window;

const DIALOG = '[role="dialog"]';
const GRID = '[data-testid="routes-grid"]';
const ROUTE = '[data-testid="route-panel"]';
const PLAN = '[data-testid="usage-plan-panel"]';

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

/** Gives the word for the plan that is shown, after allowing changes and reading the warnings where that is asked for. */
async function apply() {
  const plan = await window.sees('[data-testid="plan"]', text => text.includes('calls to AWS') || text.includes('One call to AWS'));
  if (plan.includes('is read-only')) await window.press('Allow changes');
  const asked = await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  if (asked.includes('I have read the warnings')) await window.click('[data-testid="plan"] input[type="checkbox"]');
  await window.click('[data-testid="apply-plan"]');
  await window.gone('[data-testid="plan"]');
  return plan;
}

test('routes of several APIs are picked with keys and mouse, and get one limit by one plan and one word [throttle_set]', async () => {
  await window.go('#/routes?text=login&group=none');
  await window.sees(GRID, text => text.includes('/v2/login') && text.includes('staging'));
  // From the keyboard: the first line, then with Shift as far as the next.
  await window.type(GRID, Key.HOME, Key.SPACE);
  await window.sees('[data-testid="routes-chosen"]', text => text.startsWith('1 selected'));
  await window.type(GRID, Key.ARROW_DOWN, Key.chord(Key.SHIFT, Key.SPACE));
  await window.sees('[data-testid="routes-chosen"]', text => text.startsWith('2 selected'));
  expect(await window.driver.executeScript('return document.querySelector("[data-testid=route-panel]")')).toBeNull();
  // Another filter, and the selection stays: one more, of another API.
  await window.go('#/routes?text=otp&group=none');
  await window.sees(GRID, text => text.includes('otp') && !text.includes('/v2/login'));
  await window.click(`${GRID} [data-route-id] input[type="checkbox"]`);
  const chosen = await window.sees('[data-testid="routes-chosen"]', text => text.startsWith('3 selected'));
  expect(chosen).toContain('of 2 APIs');
  await window.screenshot('routes-chosen');
  await window.press('Change limits…');
  await window.replace(`${DIALOG} input[aria-label="Requests per second"]`, '3');
  await window.replace(`${DIALOG} input[aria-label="Burst"]`, '6');
  await window.press('Review the plan');
  await window.sees('[data-testid="replay"]', text => /refuse/.test(text));
  await window.screenshot('routes-chosen-plan');
  const plan = await apply();
  expect(plan).toContain('Touches 3 routes');
  await window.sees('body', text => text.includes('applied and read back'));
  await window.sees(GRID, text => text.includes('3/s, burst 6'));
  await window.go('#/routes?text=login&group=none');
  await window.sees(GRID, text => text.split('3/s, burst 6').length === 3);
  await window.press('Clear the selection');
  await window.gone('.routes-chosen');
  // One plan is one entry.
  await window.go('#/journal');
  const journal = await window.sees('[data-testid="journal"]', text => text.includes('Limit 3 routes on'));
  expect(journal).toContain('(1)');
});

test("a route's own limit is edited where it stands, and taken away there", async () => {
  await window.go('#/routes?text=v2/login');
  await window.click('[data-route-id$="prod/POST/v2/login"]');
  const before = await window.sees(ROUTE, text => text.includes('best-effort'));
  expect(before).toContain('stage prod, POST /v2/login');
  await window.click('[aria-label="Edit stage prod, POST /v2/login"]');
  await window.replace('[aria-label="Requests per second: stage prod, POST /v2/login"]', 'ten');
  await window.type('[aria-label="Burst: stage prod, POST /v2/login"]', Key.ENTER);
  await window.sees(ROUTE, text => text.includes('A rate limit is a number of requests per second, 0 or more; ten is not.'));
  await window.screenshot('limit-in-place');
  await window.replace('[aria-label="Requests per second: stage prod, POST /v2/login"]', '2.5');
  await window.type('[aria-label="Burst: stage prod, POST /v2/login"]', Key.ENTER);
  const plan = await apply();
  expect(plan).toMatch(/POST \/v2\/login: rate limit[^]*2\.5/);
  await window.sees('[data-route-id$="prod/POST/v2/login"]', text => text.includes('2.5/s'));
  await window.click('[aria-label="Remove stage prod, POST /v2/login"]');
  await window.sees(DIALOG, text => text.includes('Remove the limit of POST /v2/login'));
  await apply();
  await window.sees('[data-route-id$="prod/POST/v2/login"]', text => text.includes('2,000/s') && text.includes('stage'));
});

test('Escape leaves a limit as it is, and gives the focus back', async () => {
  const edit = '[aria-label="Edit stage prod, methods without a limit of their own"]';
  await window.click(edit);
  const field = '[aria-label="Requests per second: stage prod, methods without a limit of their own"]';
  expect(await window.driver.executeScript('return document.activeElement === document.querySelector(arguments[0])', field)).toBe(true);
  await window.replace(field, '7');
  await window.type(field, Key.ESCAPE);
  await window.gone(field);
  await window.find(edit);
  const focused = await window.driver.executeScript('return document.activeElement?.getAttribute("aria-label")');
  expect(focused).toBe('Edit stage prod, methods without a limit of their own');
  await window.sees(ROUTE, text => text.includes('2,000'));
});

test('a method of a usage plan gets a limit of its own, another one, and loses it [throttle_set]', async () => {
  await window.go('#/tenants?tenant=practice-a&context=demo');
  await window.press('Limits of the plan', '//*[@data-testid="tenant-panel"]');
  await window.sees(PLAN, text => text.includes('Every method without a limit of its own'));
  await window.choose('[data-testid="one-more-method"]', 'GET /partner/v1/referrals');
  await window.sees('body', text => text.includes('for each key of practices-small'));
  await window.replace(`${DIALOG} input[aria-label="Requests per second"]`, '1');
  await window.replace(`${DIALOG} input[aria-label="Burst"]`, '2');
  await window.press('Review the plan');
  const plan = await apply();
  expect(plan).toContain('CloudWatch counts the requests of all keys together');
  await window.sees('body', text => text.includes('on usage plan practices-small ('));
  await window.sees(PLAN, text => /GET \/partner\/v1\/referrals[^]*1\s+2/.test(text));
  await window.sees('[data-testid="usage-plans"]', text => text.includes('1 method apart'));
  await window.screenshot('usage-plan-limits');
  await window.click('[aria-label="Edit GET /partner/v1/referrals"]');
  await window.replace('[aria-label="Burst: GET /partner/v1/referrals"]', '4');
  await window.click('[aria-label="Review the change of GET /partner/v1/referrals"]');
  // AWS takes one change of a usage plan in 20 seconds: the second one waits in sight.
  await apply();
  await window.sees(PLAN, text => /GET \/partner\/v1\/referrals[^]*1\s+4/.test(text));
  await window.click('[aria-label="Remove GET /partner/v1/referrals"]');
  await apply();
  await window.sees(PLAN, text => !text.includes('/partner/v1/referrals'));
});

test("a stage's default is edited where it stands, and the plan names the routes that follow it", async () => {
  await window.go('#/apis');
  await window.click('[aria-label="Stage staging of storefront"]');
  await window.sees('[data-testid="stage-panel"]', text => text.includes('Every method without a limit of its own'));
  const label = 'Every method without a limit of its own';
  await window.click(`[aria-label="Edit ${label}"]`);
  await window.replace(`[aria-label="Requests per second: ${label}"]`, '90');
  await window.type(`[aria-label="Burst: ${label}"]`, Key.ENTER);
  const plan = await apply();
  expect(plan).toContain('methods without a limit of their own: rate limit');
  await window.sees('[data-testid="stage-panel"]', text => /90\s+200/.test(text));
  await window.screenshot('stage-limits');
});
