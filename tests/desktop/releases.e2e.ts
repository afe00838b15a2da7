import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

const home = new Home();
let window: Window;

const PANEL = '[data-testid="canary-panel"]';
const BEGIN = '[data-testid="release-begin"]';
const RELEASE = '[data-testid="release"]';
const GUARD = '[data-testid="stage-guard"]';

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

async function choose(mode: string) {
  await window.sees(BEGIN, text => text.includes('Template'));
  await window.click(`${BEGIN} input[type="radio"][value="${mode}"]`);
}

/** Ticks what has to be agreed to, allows changes where that is still to be done, and begins. */
async function begin(mode: 'recommend' | 'automatic') {
  await choose(mode);
  if (mode === 'automatic') {
    const text = await window.sees(BEGIN, shown => shown.includes('I want exactly this') || shown.includes('is read-only'));
    if (text.includes('is read-only')) await window.press('Allow changes', `//*[@data-testid="release-begin"]`);
    await window.sees(BEGIN, shown => shown.includes('I want exactly this'));
    await window.click(`${BEGIN} input[type="checkbox"]`);
  }
  await window.click('[data-testid="begin-release"]');
  await window.sees(RELEASE, shown => shown.includes('What happens next'));
}

/** Applies the plan that is shown, whatever has to be allowed and accepted for it. */
async function apply() {
  const ready = (text: string) => text.includes('is read-only') || text.includes('Kept in the journal');
  const plan = await window.sees('[data-testid="plan"]', ready);
  if (plan.includes('is read-only')) await window.press('Allow changes');
  await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  if (plan.includes('Read this first')) await window.click('[role="dialog"] input[type="checkbox"]');
  if (plan.includes('More people can reach')) await window.click('[data-testid="plan-exposes"] input[type="checkbox"]');
  await window.click('[data-testid="apply-plan"]');
  await window.gone('[data-testid="plan"]');
}

test('a canary is put under watch, and says what happens next and what guards it meanwhile [canary_release_begin]', async () => {
  await window.go('#/canaries');
  await window.press('storefront, prod');
  await begin('recommend');
  const shown = await window.sees(RELEASE, text => text.includes('Recommend') && /Last look\s+\d\d:\d\d/.test(text));
  expect(shown).toContain('you are asked to roll it back');
  await window.sees(PANEL, text => /Candidate\s+\d/.test(text) && text.includes('a percentile cannot be had by subtraction'));
  await window.screenshot('release-watching');
});

test('who guards the stage while the program does not run is said, and the missing alarm is one click and a plan away [alarm_create]', async () => {
  const guard = await window.sees(GUARD, text => text.includes('runs only while Portcullis runs') && text.includes('missing'));
  expect(guard).toContain('Server errors (5XX)');
  await window.press('Create', `//*[@data-testid="stage-guard"]`, 'begins');
  await window.sees('[role="dialog"]', text => text.includes('Whom to tell'));
  await window.press('Review the plan');
  await apply();
  await window.sees(GUARD, text => !text.includes('missing'));
  await window.screenshot('release-guarded');
});

test('the watch survives a restart of the program', async () => {
  await window.close();
  window = await Window.open(home);
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
  await window.go('#/canaries');
  await window.press('storefront, prod');
  const shown = await window.sees(RELEASE, text => /Last look\s+\d\d:\d\d UTC \(\d+\)/.test(text));
  expect(shown).toContain('Recommend');
  await window.press('End the watch');
  await window.sees(BEGIN, text => text.includes('Put it under watch'));
  await window.sees('[data-testid="past-releases"]', text => text.includes('Watch ended'));
});

test('the bad candidate is rolled back by the console itself, which says so and has it in the journal', async () => {
  await window.press('Roll back');
  await apply();
  await window.sees(PANEL, text => text.includes('Start a canary'));
  await window.replace(`${PANEL} input[aria-label="Description"]`, 'The coupon engine, rewritten');
  await window.press('Review the plan');
  await apply();
  await begin('automatic');
  await window.sees(RELEASE, text => text.includes('removes the canary by itself'));
  await window.press('60 times as fast');
  await window.sees('body', text => text.includes('the console removed the canary by itself'));
  await window.screenshot('release-rolled-back');
  await window.sees(PANEL, text => text.includes('Start a canary') && text.includes('Rolled back by itself'));
  await window.press('Read the journal');
  const journal = await window.sees('body', text => text.includes('Roll back by itself') && text.includes('coupon'));
  expect(journal).toContain('remove the canary');
  await window.go('#/overview');
  await window.sees('[data-testid="release-summary"]', text => text.includes('Rolled back by itself'));
  await window.screenshot('release-overview');
});
