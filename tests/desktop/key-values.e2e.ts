// Values of API keys are in the account, the real window is pointed at it and everything is used; then they are searched
// for: in what crossed between window and core, in every file that was written, in what was logged, and in the memory of
// the program and of its web engine, as a core dump would have it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { forms, found, inMemory } from './memory';
import { APPLICATION, Home, Window } from './window';

const ROOT = resolve(import.meta.dirname, '../..');
const NOBODY = 'recognisableValueThatNobodyEverAskedFor0001';
const HANDED_OVER = 'recognisableValueThatIsHandedOverOnPurpose2';
const PASTED = 'recognisableValueThatSomebodyPastedToFind03';
/** What names no secret: if the search does not find this, it finds nothing. */
const NAME = 'Key With A Name That The Search Must Find';

const home = new Home();
let server: ChildProcess;
let endpoint = '';
let window: Window;
let context = '';

interface Crossing {
  asked: string;
  answered: string;
}

interface Key {
  id: string;
  name: string;
  value: string;
}

async function aws<T>(method: string, path: string, body?: unknown): Promise<T> {
  const scope = 'AKIASOMEBODY/20260302/eu-west-1/apigateway/aws4_request';
  const answer = await fetch(endpoint + path, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

const keys = async () => (await aws<{ item: Key[] }>('GET', '/apikeys?includeValues=true&limit=500')).item;

/** Every value that was in the account at some time. */
const values = new Set<string>();

async function remember() {
  for (const key of await keys()) values.add(key.value);
}

/** Calls an operation through the page's own door; an error is an answer too. */
function call<T>(name: string, payload: unknown): Promise<T> {
  const script = `
    const [name, payload, done] = arguments;
    window.__TAURI_INTERNALS__.invoke('call', { name, payload }).then(answer => done(answer), error => done({ error }));`;
  return window.driver.executeAsyncScript<T>(script, name, payload);
}

/** Records what crosses, in the page: requests and answers, byte for byte, of every call from now on. */
async function record() {
  await window.driver.executeScript(`
    window.crossings = [];
    const send = window.fetch;
    window.fetch = async (input, options) => {
      const answer = await send(input, options);
      if (!String(input.url ?? input).startsWith('ipc:')) return answer;
      const asked = typeof options?.body === 'string' ? options.body : new TextDecoder('latin1').decode(options?.body);
      window.crossings.push({ asked, answered: await answer.clone().text() });
      return answer;
    };`);
}

beforeAll(async () => {
  const program = join(resolve(APPLICATION, '..'), 'portcullis-cli');
  const env = { HOME: home.path, PORTCULLIS_DATA_DIR: join(home.path, 'served'), PORTCULLIS_CONFIG_DIR: join(home.path, 'served') };
  server = spawn(program, ['demo', 'serve', '--port', '0'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (!server.stdout) throw new Error('the server has no output');
  const [said] = (await once(server.stdout, 'data')) as [Buffer];
  endpoint = /http:\/\/[\d.:]+/.exec(said.toString())?.[0] ?? '';
  const { item: plans } = await aws<{ item: { id: string; name: string }[] }>('GET', '/usageplans?limit=500');
  const plan = plans.find(one => one.name === 'practices-small')?.id ?? '';
  for (const [name, value] of [
    [NAME, NOBODY],
    ['Handed over', HANDED_OVER],
    ['Pasted', PASTED],
  ]) {
    const { id } = await aws<Key>('POST', '/apikeys', { name, value, enabled: true, customerId: name, tags: { value: 'a tag' } });
    await aws('POST', `/usageplans/${plan}/keys`, { keyId: id, keyType: 'API_KEY' });
  }
  home.write('.aws/config', `[profile clinic]\nregion = eu-west-1\nendpoint_url = ${endpoint}\n`);
  home.write('.aws/credentials', '[clinic]\naws_access_key_id = AKIACLINIC\naws_secret_access_key = none\n');
  window = await Window.open(home, ['--profile', 'clinic'], { RUST_LOG: 'trace' });
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
  await record();
  context = (await call<{ open: { label: string }[] }>('context_list', {})).open[0]?.label ?? '';
});

afterEach(async state => {
  if (state.task.result?.state === 'fail') await window.screenshot(state.task.name.replaceAll(/\W+/g, '-'));
});

afterAll(async () => {
  await window?.close();
  server?.kill();
  home.remove();
});

test('every view, every operation, a rotation, exports, errors', async () => {
  await call('context_access_set', { context, access: { mode: 'operator', protected: false } });
  for (const view of [
    'overview',
    'routes',
    'apis',
    'findings',
    'rules',
    'canaries',
    'changes',
    'alarms',
    'metrics',
    'waf',
    'usage-plans',
    'rotation',
    'journal',
    'tenants',
  ]) {
    await window.go(`#/${view}`);
    await window.sees('h1', text => text !== '');
  }
  await window.sees('[data-testid="board"]', text => text.includes('practice-a'));
  await window.go(`#/tenants?tenant=${encodeURIComponent(NAME)}`);
  await window.sees('[data-testid="tenant-panel"]', text => text.includes('practices-small'));

  // Every operation of the catalogue with nothing said: what is missing is an error, which is searched as well.
  const bindings = readFileSync(join(ROOT, 'ui/src/api/bindings.ts'), 'utf8');
  const table = bindings.slice(bindings.indexOf('export interface Operations'));
  const names = [...table.matchAll(/^ {2}(\w+): \{ request/gm)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(80);
  for (const name of names) if (name !== 'context_select') await call(name, {});

  // The key is rotated to its end, with what goes wrong on the way.
  const key = (await keys()).find(one => one.value === NOBODY)?.id ?? '';
  for (const [stage, overrideReason] of [['start'], ['start'], ['settle'], ['disable', 'a test'], ['delete'], ['enable'], ['abandon']]) {
    const plan = await call<{ id?: string }>('key_rotate', { context, keyId: key, stage, overlapDays: 0, overrideReason });
    if (plan.id) await call('plan_apply', { planId: plan.id, reason: 'a test', acknowledged: true, typed: [] });
    await remember();
  }
  await call('tenant_list', { afresh: true });
  await call('rotation_list', { query: { text: '', keyIds: [], states: [] }, afresh: true });
  await call('key_reveal', { context, keyId: 'nosuchkey1' });
  await call('posture_refresh', {});
  mkdirSync(join(home.path, 'exports'));
  for (const [name, request] of [
    ['journal_export', { format: 'csv' }],
    ['route_export', { format: 'csv' }],
    ['evidence_pack_write', { profile: 'soc2' }],
  ] as const) {
    const path = join(home.path, 'exports', name);
    expect(await call(name, { ...request, path, directory: path }), name).not.toHaveProperty('error');
  }
});

test('one value is handed over, one is found by what was pasted', async () => {
  await window.go('#/tenants?tenant=Handed+over');
  await window.press('Reveal value');
  await window.press('Show');
  await window.sees('[data-testid="reveal"]', text => text.includes(HANDED_OVER));
  // The search would find it: it is on the screen.
  const engine = window.processes().find(({ name }) => name.startsWith('WebKitWebProces'));
  expect(inMemory(engine?.pid ?? 0, [HANDED_OVER, NAME]).texts.toSorted()).toEqual([NAME, HANDED_OVER].toSorted());
  await window.press('Close', '//*[@data-testid="reveal"]/ancestor::*[@role="dialog"]');
  await window.gone('[data-testid="reveal"]');
  const answer = await call<{ rows: { keyName: string }[] }>('tenant_find', { value: PASTED });
  expect(answer.rows.map(row => row.keyName)).toEqual(['Pasted']);
});

test('what crossed between window and core has the value that was handed over, once, and the one that was pasted', async () => {
  const crossings = await window.driver.executeScript<Crossing[]>('return window.crossings;');
  const names = new Set(crossings.map(({ asked }) => /"name":"(\w+)"/.exec(asked)?.[1]));
  for (const name of ['tenant_list', 'key_rotate', 'plan_apply', 'evidence_pack_write', 'key_reveal']) expect(names).toContain(name);
  const all = [...values];
  expect(all.length).toBeGreaterThan(15);
  const inside = crossings.flatMap(({ asked, answered }) => [
    ...found(all, Buffer.from(asked)).map(value => `asked ${value}`),
    ...found(all, Buffer.from(answered)).map(value => `answered ${value}`),
  ]);
  expect(inside.toSorted()).toEqual([`answered ${HANDED_OVER}`, `asked ${PASTED}`]);
});

test('no file, log or export has a value', async () => {
  const all = [...values];
  const written = home.files();
  const has = (part: string) => written.some(path => path.includes(part));
  for (const part of ['journal.sqlite', 'exports/evidence_pack_write', 'exports/journal_export', 'program.log'])
    expect(has(part), part).toBe(true);
  // The log says something, and the search sees it.
  expect(found(['an operation answered with an error'], readFileSync(join(home.path, 'program.log')))).toHaveLength(1);
  expect(written.flatMap(path => found(all, readFileSync(path)).map(value => `${path}: ${value}`))).toEqual([]);
});

test('the memory of the program and of its web engine has no value that nobody asked for', async () => {
  const all = [...values].filter(value => value !== HANDED_OVER && value !== PASTED);
  expect(all).toContain(NOBODY);
  const processes = window.processes();
  expect(processes.map(({ name }) => name)).toContain('portcullis');
  for (const { pid, name } of processes) {
    const memory = inMemory(pid, [...all, NAME]);
    if (!name.startsWith('WebKitNetwork')) expect(memory.texts, `${name} is read at all`).toContain(NAME);
    expect(
      memory.texts.filter(text => text !== NAME),
      `${name}, ${memory.bytes} bytes`,
    ).toEqual([]);
  }
  expect(forms(NOBODY)).toHaveLength(6);
});
