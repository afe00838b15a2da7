// AWS takes one UpdateUsagePlan in 20 seconds: a second change waits in a queue that can be seen and left, and when the program
// ends while it waits, the next start leads it on.
import { afterAll, afterEach, expect, test } from 'vitest';

import { Home, Window } from './window';

const DIALOG = '[role="dialog"]';
const home = new Home();
let window: Window;

afterEach(async context => {
  if (context.task.result?.state === 'fail') await window.screenshot(context.task.name.replaceAll(/\W+/g, '-'));
});

afterAll(async () => {
  await window?.close();
  home.remove();
});

/** Plans another quota for a usage plan, and gives the word. */
async function setQuota(plan: string, requests: string) {
  await window.click(`[aria-label="Change the quota of ${plan}"]`);
  await window.replace(`${DIALOG} input[aria-label="Requests"]`, requests);
  await window.press('Review the plan');
  const text = await window.sees('[data-testid="plan"]', said => said.includes('One call to AWS'));
  if (text.includes('is read-only')) {
    await window.press('Allow changes');
    await window.sees('[data-testid="plan"]', said => said.includes('Kept in the journal'));
  }
  await window.click('[data-testid="apply-plan"]');
}

test('a plan gets another quota [quota_set]', async () => {
  window = await Window.open(home);
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
  await window.go('#/usage-plans');
  await window.sees('[data-testid="usage-plans"]', text => text.includes('practices-small'));
  await setQuota('practices-small', '4900');
  await window.sees('[data-testid="usage-plans"]', text => text.includes('4,900 per day'));
});

test('the next one says how long it waits, and the queue is left', async () => {
  await setQuota('practices-large', '240000');
  const waits = await window.sees('[data-testid="applying"]', text => /Waits for its turn/.test(text));
  expect(waits).toMatch(/one UpdateUsagePlan in 20 seconds/);
  expect(waits).toMatch(/\d+ s left/);
  await window.press('Stop');
  await window.sees('[data-testid="plan"]', text => text.includes('nothing was changed'));
  await window.press('Cancel');
  await window.go('#/usage-plans');
  await window.sees('[data-testid="usage-plans"]', text => text.includes('250,000 per week'));
});

test('one that waits when the program ends is interrupted, and finished after the next start [change_resume]', async () => {
  await setQuota('practices-large', '230000');
  await window.sees('[data-testid="applying"]', text => /Waits for its turn/.test(text));
  await window.close();
  window = await Window.open(home);
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
  await window.go('#/journal');
  await window.sees('main', text => text.includes('One change was interrupted'));
  await window.press('Give each key of usage plan practices-large 230000', '//table', 'begins');
  await window.sees('[data-testid="journal-panel"]', text => text.includes('is not live'));
  await window.press('Finish it');
  await window.sees('[data-testid="journal-panel"]', text => text.includes('applied and read back as planned'));
  await window.go('#/usage-plans');
  await window.sees('[data-testid="usage-plans"]', text => text.includes('230,000 per week'));
});
