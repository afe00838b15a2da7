import { afterEach, expect, test } from 'vitest';

import { Home, Window } from './window';

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
