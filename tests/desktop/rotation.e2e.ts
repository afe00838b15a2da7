import { readFileSync } from 'node:fs';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

const DIALOG = '[role="dialog"]';
const TABLE = '[data-testid="rotation"]';

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

test('the worklist shows age, last use and what is late, the oldest first', async () => {
  await window.go('#/rotation');
  const list = await window.sees(TABLE, text => text.includes('400 days') && text.includes('310 days late'));
  expect(list).toContain('not in 35 days');
  expect(list.indexOf('St. Agnes')).toBeLessThan(list.indexOf('Practice A'));
  await window.screenshot('rotation');
});

test('a key is rotated by plans, its new value is handed over, and the old key is held while it is used [key_rotate]', async () => {
  await window.go('#/rotation?text=hospital-group');
  await window.click('[aria-label^="Begin rotation: St. Agnes"]');
  await window.replace(`${DIALOG} input[aria-label="Overlap in days"]`, '0');
  await window.press('Review the plan');
  await window.sees('[data-testid="plan"]', text => text.includes('create-api-key') || text.includes('practices-enterprise'));
  await window.screenshot('rotation-plan');
  await window.press('Allow changes');
  await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  await window.replace(`${DIALOG} textarea`, '400 days old');
  await window.click('[data-testid="apply-plan"]');
  await window.sees(TABLE, text => text.includes('Both keys work') && text.includes('was used on'));

  await window.click('[aria-label^="Disable the old key: St. Agnes"]');
  await window.sees(DIALOG, text => text.includes('It is too early for this'));
  await window.replace(`${DIALOG} input[aria-label="Why it is done all the same"]`, 'the key leaked');
  await window.press('Review the plan');
  await window.sees('[data-testid="plan"]', text => text.includes('Overridden: the key leaked'));
  await window.screenshot('rotation-override');
  await window.press('Cancel', '//*[@role="dialog"]');
});

test('a value that was shown is in no file afterwards', async () => {
  await window.go('#/rotation?text=hospital-group');
  await window.click('[aria-label^="More for St. Agnes"]');
  await window.click('[data-testid="reveal-new"]');
  await window.press('Show', '//*[@data-testid="reveal"]');
  await window.screenshot('rotation-reveal');
  const shown = await window.sees('[data-testid="reveal"]', text => /\b[A-Za-z0-9]{40}\b/.test(text));
  const value = /\b[A-Za-z0-9]{40}\b/.exec(shown)?.[0] ?? '';
  await window.go('#/journal');
  await window.sees('[data-testid="journal"]', text => text.includes('The value of key'));
  const files = home.files('data');
  expect(files.length).toBeGreaterThan(1);
  for (const name of files) expect(readFileSync(name).includes(value), name).toBe(false);
});

test('many keys begin with one word, and each is a change of its own [rotation_plan, rotation_apply]', async () => {
  await window.go('#/rotation?text=size=large');
  await window.sees(TABLE, text => text.includes('Clinic North') && !text.includes('St. Agnes'));
  for (const row of [1, 2]) await window.click(`${TABLE} tbody tr:nth-child(${row}) input[type="checkbox"]`);
  await window.press('Begin rotation of 2 keys');
  await window.press('Review the plan');
  await window.sees('[data-testid="batch"]', text => text.includes('Each key is a change of its own'));
  await window.click('[data-testid="apply-batch"]');
  await window.sees('[data-testid="batch"]', text => (text.match(/Done/g) ?? []).length === 2);
});
