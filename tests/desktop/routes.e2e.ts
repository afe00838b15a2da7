import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Key, Window } from './window';

const home = new Home();
let window: Window;

beforeAll(async () => {
  window = await Window.open(home);
});

afterEach(async context => {
  if (context.task.result?.state === 'fail') await window.screenshot(context.task.name.replaceAll(/\W+/g, '-'));
});

afterAll(async () => {
  await window?.close();
  home.remove();
});

test('the window opens on routes grouped by audience', async () => {
  const admin = await window.sees('[data-group="admin"]', text => text.includes('open'));
  expect(admin).toMatch(/^Admin/);
  // The refund that nobody guards is said in red, not hidden among the others.
  const refund = await window.sees('[data-route-id$="/POST/admin/orders/{orderId}/refund"]', text => text.includes('Open'));
  expect(refund).toContain('/admin/orders/{orderId}/refund');
  expect(await window.sees('#top', text => text.includes('111122223333'))).toContain('read-only');
});

test('what is typed filters at once, and the address keeps it', async () => {
  await window.type('[data-testid="routes-filter"] input', 'gift');
  const before = await window.sees('[data-testid="routes-grid"]', text => text.includes('gift-cards') && !text.includes('/admin/audit'));
  expect(before).not.toContain('/admin/audit');
  expect(await window.driver.getCurrentUrl()).toContain('text=gift');
  await window.type('[data-testid="routes-filter"] input', Key.BACK_SPACE, Key.BACK_SPACE, Key.BACK_SPACE, Key.BACK_SPACE, Key.ESCAPE);
  await window.sees('[data-testid="routes-grid"]', text => text.includes('/admin/audit'));
});

test('a group folds and unfolds from the keyboard', async () => {
  await window.type('[data-testid="routes-grid"]', Key.HOME, Key.ENTER);
  await window.sees('[data-testid="routes-grid"]', text => !text.includes('/admin/audit'));
  await window.type('[data-testid="routes-grid"]', Key.ENTER);
  await window.sees('[data-testid="routes-grid"]', text => text.includes('/admin/audit'));
});

test('a route opens in the panel with where its guard and limits come from', async () => {
  await window.click('[data-route-id$="/POST/admin/orders/{orderId}/refund"]');
  const panel = await window.sees('[data-testid="route-panel"]', text => text.includes('best-effort'));
  expect(panel).toContain('Where from is not who');
  expect(panel).toContain('carries the tag portcullis:audience');
  expect(panel).toContain('binds');
});

test('an audience that a person sets wants a reason and stays', async () => {
  await window.press('Change audience');
  await window.press('Set');
  await window.sees('[role="dialog"]', text => text.includes('Say why'));
  await window.type('[role="dialog"] textarea', 'support staff refund through the shop');
  await window.press('Set');
  await window.sees('[data-testid="route-panel"]', text => text.includes('support staff refund through the shop'));
});

test('the palette finds a route by a few letters', async () => {
  await window.type('body', Key.chord(Key.CONTROL, 'k'));
  await window.type('#palette-input', 'checkout payment');
  await window.sees('#palette-list', text => text.includes('/v2/checkout/{checkoutId}/payment'));
  await window.type('#palette-input', Key.ENTER);
  await window.sees('[data-testid="route-panel"]', text => text.includes('payment'));
});

test('APIs and audience rules have views of their own', async () => {
  await window.click('a[href="#/apis"]');
  await window.sees('main', text => text.includes('live-updates') && text.includes('WEBSOCKET'));
  await window.click('a[href="#/rules"]');
  await window.sees('main', text => text.includes('No route would move'));
});

test('rules that are written show which routes they would move before they are saved, and a mistake where it is', async () => {
  const field = 'textarea[aria-label="Audience rules"]';
  await window.go('#/rules');
  await window.replace(field, '[[rule]]\naudience = "costumer"\n');
  const mistake = await window.sees('main', text => text.includes('costumer is no audience') || text.includes('Line 2'));
  expect(mistake.match(/line 2/gi)).toHaveLength(1);
  await window.replace(field, '[[rule]]\naudience = "internal"\npath = "/v2/gift-cards/**"\nreason = "sold at the till only"\n');
  const moves = await window.sees('main', text => text.includes('sold at the till only') && text.includes('gift-cards'));
  expect(moves).toContain('internal');
  await window.press('Save');
  await window.sees('body', text => text.includes('The audience rules are saved'));
  await window.go('#/routes?text=gift-cards');
  await window.sees('[data-group="internal"]', text => text.startsWith('Internal'));
});

test('keys: `/` goes to the filter, `?` says the shortcuts, Escape closes them', async () => {
  await window.click('a[href="#/apis"]');
  await window.find('[data-testid="apis-filter"] input');
  await window.type('body', '/');
  const label = await window.driver.executeScript<string>('return document.activeElement?.getAttribute("aria-label") ?? "";');
  expect(label).toBe('Filter APIs');
  await window.driver.executeScript('document.activeElement.blur();');
  await window.type('body', '?');
  await window.sees('[role="dialog"]', text => text.includes('Keyboard shortcuts'));
  await window.driver.actions().sendKeys(Key.ESCAPE).perform();
  await window.gone('[role="dialog"]');
});

test('APIs are filtered as they are typed', async () => {
  await window.type('[data-testid="apis-filter"] input', 'websocket');
  const table = await window.sees('main table', text => !text.includes('REST'));
  expect(table).toContain('live-updates');
});

test('dark mode turns every surface dark, and stays after a reload', async () => {
  const dark = 'return document.body.classList.contains("awsui-dark-mode");';
  expect(await window.driver.executeScript<boolean>(dark)).toBe(false);
  await window.driver.actions().keyDown(Key.CONTROL).sendKeys('k').keyUp(Key.CONTROL).perform();
  await window.replace('#palette-input', 'dark mode');
  await window.sees('#palette-list', text => text.includes('Dark mode'));
  await window.driver.actions().sendKeys(Key.ENTER).perform();
  await window.driver.wait(() => window.driver.executeScript<boolean>(dark), 5000);
  // What is not Cloudscape's own is as dark: the head of the routes.
  await window.go('#/routes');
  await window.find('.routes-head');
  const ground = 'return getComputedStyle(document.querySelector(".routes-head")).backgroundColor;';
  const [red = 255] = (await window.driver.executeScript<string>(ground)).match(/\d+/g)?.map(Number) ?? [];
  expect(red).toBeLessThan(64);
  await window.driver.navigate().refresh();
  await window.find('a[href="#/apis"]');
  await window.driver.wait(() => window.driver.executeScript<boolean>(dark), 5000);
});
