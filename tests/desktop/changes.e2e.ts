import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

const home = new Home();
let window: Window;

const DIALOG = '[role="dialog"]';
const PANEL = '[data-testid="route-panel"]';

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

test('a number that is no limit is refused at its field', async () => {
  await window.go('#/routes?text=v2/login');
  await window.click('[data-route-id$="prod/POST/v2/login"]');
  await window.sees(PANEL, text => text.includes('best-effort'));
  await window.press('Change limits');
  await window.replace(`${DIALOG} input[aria-label="Requests per second"]`, 'ten');
  await window.press('Review the plan');
  await window.sees(DIALOG, text => text.includes('A rate limit is a number of requests per second, 0 or more; ten is not.'));
});

test('a plan shows the difference, the danger and what it would have done, and a read-only context refuses it', async () => {
  await window.replace(`${DIALOG} input[aria-label="Requests per second"]`, '8');
  await window.press('Review the plan');
  const plan = await window.sees('[data-testid="plan"]', text => text.includes('requests of the last 24 hours'));
  expect(plan).toContain('This raises the rate limit of POST /v2/login from 5 to 8');
  expect(plan).toContain('demo is read-only');
  expect(await (await window.find('[data-testid="apply-plan"]')).isEnabled()).toBe(false);
});

test('it is applied when it was read and allowed, and the list shows it [throttle_set, plan_apply]', async () => {
  await window.press('Allow changes');
  await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  await window.click(`${DIALOG} input[type="checkbox"]`);
  await window.replace(`${DIALOG} textarea`, 'the app signs in twice since 4.2');
  await window.click('[data-testid="apply-plan"]');
  await window.sees('body', text => text.includes('applied and read back'));
  await window.sees('[data-route-id$="prod/POST/v2/login"]', text => text.includes('8/s'));
});

test('undo is one click and a plan away, and the journal has both [change_undo]', async () => {
  await window.click('[data-testid="undo-change"]');
  const plan = await window.sees('[data-testid="plan"]', text => text.includes('POST /v2/login: rate limit'));
  expect(plan).toMatch(/8\s+5/);
  await window.click('[data-testid="apply-plan"]');
  const journal = await window.sees('[data-testid="journal"]', text => text.includes('Undone') && text.includes('Applied'));
  expect(journal).toContain('Undo: Limit POST /v2/login');
  await window.sees('[data-testid="journal-panel"]', text => text.includes('the app signs in twice since 4.2'));
  await window.press('Verify');
  await window.sees('body', text => text.includes('The journal is whole: 10 records.'));
  await window.go('#/routes?text=v2/login');
  await window.sees('[data-route-id$="prod/POST/v2/login"]', text => text.includes('5/s'));
});

test('a protected context wants its name', async () => {
  await window.click('#top [aria-label^="Contexts:"]');
  await window.click('input[aria-label="Protect demo"]');
  await window.press('Cancel');
  await window.click('[data-route-id$="prod/POST/v2/login"]');
  await window.press('Change limits');
  await window.replace(`${DIALOG} input[aria-label="Requests per second"]`, '4');
  await window.press('Review the plan');
  await window.sees('[data-testid="plan"]', text => text.includes('demo is protected'));
  expect(await (await window.find('[data-testid="apply-plan"]')).isEnabled()).toBe(false);
  await window.replace('input[aria-label="Name of the context demo"]', 'demo');
  await window.click('[data-testid="apply-plan"]');
  await window.sees('[data-route-id$="prod/POST/v2/login"]', text => text.includes('4/s'));
});

test('every route that matches gets its limit in one plan', async () => {
  await window.go('#/routes?text=otp');
  await window.sees('[data-testid="routes-grid"]', text => text.includes('otp'));
  await window.press('Change limits of these');
  await window.replace(`${DIALOG} input[aria-label="Requests per second"]`, '1');
  await window.replace(`${DIALOG} input[aria-label="Burst"]`, '2');
  await window.press('Review the plan');
  const plan = await window.sees('[data-testid="plan"]', text => text.includes('Touches'));
  expect(plan).toMatch(/Touches [2-9] routes/);
  await window.replace('input[aria-label="Name of the context demo"]', 'demo');
  await window.click('[data-testid="apply-plan"]');
  await window.sees('[data-testid="routes-grid"]', text => text.includes('1/s'));
});

test('the limits of a stage are copied to another [throttle_copy]', async () => {
  await window.go('#/routes?text=v2/login');
  await window.click('[data-route-id$="prod/POST/v2/login"]');
  await window.press("Copy the stage's limits");
  await window.choose(DIALOG, 'storefront, staging');
  await window.press('Review the plan');
  const plan = await window.sees('[data-testid="plan"]', text => text.includes('stage staging of API storefront'));
  expect(plan).toContain('POST /v2/login: rate limit');
  await window.replace('input[aria-label="Name of the context demo"]', 'demo');
  await window.click(`${DIALOG} input[type="checkbox"]`);
  await window.click('[data-testid="apply-plan"]');
  await window.sees('[data-route-id$="staging/POST/v2/login"]', text => text.includes('4/s'));
});
