import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Key, Window } from './window';

/** The value of Practice A's key in the demo account. */
const VALUE = 'demoPracticeAKeyValueThatNobodyMaySee01';
const DIALOG = '[role="dialog"]';

const home = new Home();
let window: Window;

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

test('the board shows who is over first, and who will be tomorrow', async () => {
  await window.go('#/tenants');
  const board = await window.sees('[data-testid="board"]', text => text.includes('practice-a'));
  expect(board.indexOf('practice-a')).toBeLessThan(board.indexOf('practice-c'));
  expect(board).toContain('5,000 of 5,000 (100 %)');
  await window.screenshot('tenants');
});

test('a tenant shows use against the limit, and the quota is extended by a plan [quota_extend]', async () => {
  await window.go('#/tenants?tenant=practice-a&context=demo');
  await window.sees('[data-testid="tenant-panel"]', text => text.includes('Requests per day'));
  await window.screenshot('tenant');
  await window.press('Extend quota');
  await window.replace(`${DIALOG} input[aria-label="Requests"]`, '+1500');
  await window.press('Review the plan');
  await window.sees('[data-testid="plan"]', text => text.includes('left of the running period'));
  await window.press('Allow changes');
  await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  await window.replace(`${DIALOG} textarea`, 'they called');
  await window.click('[data-testid="apply-plan"]');
  await window.sees('[data-testid="tenant-panel"]', text => text.includes('5,000 of 6,500'));
});

test('a tenant moves to another plan with what is left of the quota [tenant_move]', async () => {
  await window.go('#/tenants?tenant=practice-c&context=demo');
  await window.sees('[data-testid="tenant-panel"]', text => text.includes('practices-small'));
  await window.press('Move to another plan');
  await window.choose(DIALOG, 'practices-large');
  await window.press('Review the plan');
  const plan = await window.sees('[data-testid="plan"]', text => text.includes('3 calls to AWS'));
  expect(plan).toContain('its requests are refused with 403');
  await window.click('[data-testid="apply-plan"]');
  await window.sees('[data-testid="tenant-panel"]', text => text.includes('practices-large'));
});

test('usage plans say what is wrong with them', async () => {
  await window.go('#/usage-plans');
  await window.sees('[data-testid="usage-plans"]', text => text.includes('any number of requests'));
  await window.screenshot('usage-plans');
});

test('a value is found and shown on demand, and is in no file afterwards', async () => {
  await window.go('#/tenants');
  await window.press('Whose key is this?');
  await window.replace('input[aria-label="Key value"]', VALUE);
  await window.press('Find', '//*[@role="dialog"]');
  await window.sees('[data-testid="whose-key"]', text => text.includes('practice-a'));
  await window.driver.actions().sendKeys(Key.ESCAPE).perform();
  await window.gone('[data-testid="whose-key"]');
  await window.go('#/tenants?tenant=practice-a&context=demo');
  await window.press('Reveal value');
  await window.press('Show');
  await window.sees('[data-testid="reveal"]', text => text.includes(VALUE));
  await window.go('#/journal');
  await window.sees('[data-testid="journal"]', text => text.includes('The value of key'));
  const directory = join(home.path, 'data');
  const all = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = all.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(1);
  for (const name of files) expect(readFileSync(name).includes(VALUE), name).toBe(false);
});
