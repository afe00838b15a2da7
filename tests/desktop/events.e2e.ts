// Configuration changes in the real window: CloudTrail's, and this console's own among them.
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

let home: Home;
let window: Window;

beforeAll(async () => {
  home = new Home();
  window = await Window.open(home);
  await window.sees('h1', text => text.startsWith('Routes'));
});

afterAll(async () => {
  await window?.close();
  home?.remove();
});

test('who changed what is told in words, web ACLs and alarms among it', async () => {
  await window.go('#/changes');
  // Sources are fetched one after the other, and what came is shown at once: the alarm's change is the last of them.
  const text = await window.sees('[data-testid="timeline"]', text => text.includes('Disabled the actions of alarm partner-prod-5xx'));
  expect(text).toContain('as role deploy-pipeline');
  expect(text).toContain('Changed web ACL shop-shield');
  expect(text).toContain('elsewhere');
});

test('a change has its record beside it', async () => {
  await window.click('[data-testid="timeline"] tbody tr a');
  const record = await window.sees('[data-testid="event-record"]', text => text.includes('userIdentity'));
  expect(record).toContain('eventID');
  await window.screenshot('changes');
});

test('a question is answered, and the address says which', async () => {
  await window.go('#/changes?ask=production-outside-deployment');
  // Until the answer is there, the list still shows what was asked before.
  await window.sees('[data-testid="timeline"]', text => text.includes('POST /v2/coupons/redeem') && !text.includes('Disabled the actions'));
  await window.screenshot('changes-question');
  await window.go('#/changes?ask=before');
  const asked = await window.sees('[data-testid="timeline"]', text => text.includes('Choose an alarm or a moment'));
  expect(asked).not.toContain('as role deploy-pipeline');
});

test('what matches nothing says so', async () => {
  await window.go('#/changes?text=no%20such%20person%20anywhere');
  await window.sees('[data-testid="timeline"]', text => text.includes('No change matches'));
});

test('a change that this console makes is recognised by its journal', async () => {
  const dialog = '[role="dialog"]';
  await window.go('#/routes?text=v2/login');
  await window.click('[data-route-id$="prod/POST/v2/login"]');
  await window.sees('[data-testid="route-panel"]', text => text.includes('best-effort'));
  await window.press('Change limits');
  await window.replace(`${dialog} input[aria-label="Requests per second"]`, '3');
  await window.press('Review the plan');
  await window.press('Allow changes');
  await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  await window.replace(`${dialog} textarea`, 'credential stuffing');
  await window.click('[data-testid="apply-plan"]');
  await window.sees('body', text => text.includes('applied and read back'));

  await window.go('#/changes');
  const text = await window.sees('[data-testid="timeline"]', list => list.includes('this console'));
  expect(text).toContain('Lowered the rate limit of POST /v2/login from 5 to 3');
  expect(text).toContain('Portcullis');
  await window.click('[data-testid="timeline"] tbody tr a');
  await window.sees('body', body => /the rate limit of POST \/v2\/login\s+5\.0\s+3\.0/.test(body));
  await window.screenshot('changes-own');
});

test('the journal has what CloudTrail says of the same call', async () => {
  await window.go('#/journal');
  await window.press('Limit POST /v2/login on stage prod of API storefront', '//table', 'begins');
  const calls = await window.sees('[data-testid="journal-calls"]', text => text.includes('CloudTrail has it: UpdateStage by'));
  expect(calls).toContain('AWS request id');
});
