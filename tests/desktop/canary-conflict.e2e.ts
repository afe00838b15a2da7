import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

const PROGRAM = resolve(import.meta.dirname, '../..', process.env.PORTCULLIS_E2E_PROGRAM ?? 'target/debug/portcullis');
const PANEL = '[data-testid="canary-panel"]';

const home = new Home();
let account: ChildProcess;
let endpoint: string;
let window: Window;

/** The stage as somebody else in the account sees it, after what they do to it: a console, a pipeline, any AWS client. */
async function stageAfter(operations: object[]): Promise<Record<string, unknown>> {
  const list = (await (await fetch(`${endpoint}/restapis`)).json()) as { item: { id: string; name: string }[] };
  const api = list.item.find(item => item.name === 'storefront');
  const stage = `${endpoint}/restapis/${api?.id}/stages/prod`;
  const patch = { method: 'PATCH', body: JSON.stringify({ patchOperations: operations }) };
  const answer = await fetch(stage, operations.length > 0 ? patch : {});
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

beforeAll(async () => {
  account = spawn(PROGRAM, ['demo', 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = (await once(account.stdout!, 'data')) as [Buffer];
  endpoint = /http:\/\/[\d.:]+/.exec(said.toString())![0];
  home.write('.aws/credentials', '[shop]\naws_access_key_id = testing\naws_secret_access_key = testing\n');
  home.write('.aws/config', '[profile shop]\nregion = eu-west-1\n');
  window = await Window.open(home, ['--profile', 'shop', '--endpoint-url', endpoint]);
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
});

afterAll(async () => {
  await window?.close();
  account?.kill();
  home.remove();
});

test('somebody promotes in the AWS console between plan and yes: nothing is sent, and the fields are named', async () => {
  await window.go('#/canaries');
  await window.sees('[data-testid="canaries"]', text => text.includes('storefront, prod'));
  await window.press('storefront, prod');
  await window.replace(`${PANEL} input[aria-label="Share of the requests"]`, '40');
  await window.press('Change the share');
  const plan = await window.sees('[data-testid="plan"]', text => text.includes('share of requests'));
  if (plan.includes('is read-only')) {
    await window.press('Allow changes');
    await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  }
  const theirs = await stageAfter([
    { op: 'replace', path: '/canarySettings/percentTraffic', value: '0.0' },
    { op: 'copy', path: '/deploymentId', from: '/canarySettings/deploymentId' },
    { op: 'copy', path: '/variables', from: '/canarySettings/stageVariableOverrides' },
  ]);
  await window.click('[data-testid="apply-plan"]');
  const said = await window.sees('[data-testid="plan"]', text => text.includes('Somebody else was there'));
  expect(said).toContain(String(theirs.deploymentId));
  // What, from which value to which, and who when.
  expect(said).toMatch(/canary: share of requests \(percent\) went from [\d.]+ to 0/);
  expect(said).toMatch(/sent UpdateStage at \d{4}-\d\d-\d\dT[\d:]+Z from /);
  const now = await stageAfter([]);
  expect(now.canarySettings).toEqual(theirs.canarySettings);
});
