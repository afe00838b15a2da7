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
