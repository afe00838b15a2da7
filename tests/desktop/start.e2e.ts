import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { APPLICATION, Home, Window } from './window';

let home: Home;
let window: Window | undefined;

afterEach(async context => {
  if (context.task.result?.state === 'fail') await window?.screenshot(context.task.name.replaceAll(/\W+/g, '-'));
  await window?.close();
  window = undefined;
  home.remove();
});

test('a first run without credentials is welcomed, and the demo account is one click away', async () => {
  home = new Home();
  window = await Window.open(home, []);
  const welcome = await window.sees('main', text => text.includes('Welcome to Portcullis'));
  expect(welcome).toContain('No AWS credentials were found');
  await window.press('Open the demo account');
  await window.sees('[data-group="admin"]', text => text.startsWith('Admin'));
});

test('the second start shows the last snapshot and then refreshes', async () => {
  home = new Home();
  window = await Window.open(home);
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
  await window.close();
  // Nothing answers there: what is shown can only be what was kept.
  home.write('config/settings.toml', '[budget]\nrate = 0.2\nburst = 1\n');
  window = await Window.open(home, []);
  await window.sees('[data-group="admin"]', text => text.startsWith('Admin'));
  expect(await window.sees('[data-testid="age"]', text => text.includes('last snapshot'))).toContain('just now');
});

test('an account that cannot be reached says so and what to do', async () => {
  home = new Home();
  home.write('.aws/config', '[profile shop]\nregion = eu-west-1\n');
  home.write('.aws/credentials', '[shop]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n');
  window = await Window.open(home, ['--profile', 'shop', '--endpoint-url', 'http://127.0.0.1:9']);
  const gaps = await window.sees('[data-testid="gaps"]', text => text.includes('cannot be reached'));
  expect(gaps).toContain('http://127.0.0.1:9');
  expect(await window.sees('#top', text => text.includes('Endpoint'))).toContain('http://127.0.0.1:9');
});

/** The demo account on a port of its own, behind a door that denies a region its list of REST APIs. */
async function accountWithout(region: string) {
  const served = spawn(APPLICATION, ['demo', 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = (await once(served.stdout, 'data')) as [Buffer];
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(said.toString())?.[1]);
  const door = createServer((asked, answer) => {
    const denied = asked.headers.authorization?.includes(`/${region}/apigateway/`) && asked.url?.startsWith('/restapis');
    if (denied) {
      const message = 'User: arn:aws:sts::111122223333:assumed-role/ops is not authorized to perform: apigateway:GET';
      answer.writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' });
      answer.end(JSON.stringify({ message }));
      return;
    }
    const { method, url: path, headers } = asked;
    asked.pipe(
      request({ host: '127.0.0.1', port, method, path, headers }, found => {
        answer.writeHead(found.statusCode ?? 502, found.headers);
        found.pipe(answer);
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const end = () => {
    door.close();
    served.kill();
  };
  return { endpoint: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, end };
}

test('a region that is denied of three costs only that, and is named', async () => {
  const account = await accountWithout('us-east-1');
  try {
    home = new Home();
    home.write('.aws/credentials', '[shop]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n');
    const regions = ['eu-west-1', 'us-east-1', 'eu-central-1'].flatMap(region => ['--region', region]);
    window = await Window.open(home, ['--profile', 'shop', '--endpoint-url', account.endpoint, ...regions]);
    await window.sees('[data-group="admin"]', text => text.startsWith('Admin'));
    const gaps = await window.sees('[data-testid="gaps"]', text => text.includes('GetRestApis'));
    expect(gaps).toContain('us-east-1');
    expect(gaps).toContain('1 of 3 contexts could not be read: shop@us-east-1');
    expect(gaps).toContain('apigateway:GET');
  } finally {
    account.end();
  }
});
