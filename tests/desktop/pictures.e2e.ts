import { expect, test } from 'vitest';

import { Home, Key, Window } from './window';

/** What the documentation shows; the others are for looking at. */
const PICTURES = ['overview', 'findings', 'tenants', 'canaries', 'changes'];
const VIEWS = ['overview', 'findings', 'apis', 'rules', 'journal', 'changes', 'canaries', 'tenants'];

// Only `npm run screenshots` takes pictures: they are committed, and a test run must leave the tree as it was.
test.skipIf(!process.env.PORTCULLIS_PICTURES)(
  'pictures of the views',
  async () => {
    const home = new Home();
    const window = await Window.open(home);
    try {
      await window.sees('[data-testid="age"]', text => text.includes('calls'));
      await window.screenshot('routes', 'docs/images');
      await window.click('[data-route-id$="/POST/admin/orders/{orderId}/refund"]');
      await window.sees('[data-testid="route-panel"]', text => text.includes('best-effort'));
      await window.screenshot('route', 'docs/images');
      await window.driver.actions().keyDown(Key.CONTROL).sendKeys('k').keyUp(Key.CONTROL).perform();
      await window.replace('#palette-input', 'checkout');
      await window.sees('#palette-list', text => text.includes('/v2/checkout'));
      await window.screenshot('palette', 'docs/images');
      await window.driver.actions().sendKeys(Key.ESCAPE).perform();
      for (const view of VIEWS) {
        await window.go(`#/${view}`);
        await window.sees('main', text => text.length > 80 && !/Asking|Reading the/.test(text));
        await window.screenshot(view, PICTURES.includes(view) ? 'docs/images' : 'test-results');
      }
      await window.go('#/routes');
      await window.sees('[data-testid="routes-grid"]', text => text.includes('/admin/audit'));
      await window.driver.executeScript('document.body.classList.add("awsui-dark-mode")');
      await window.screenshot('dark', 'docs/images');
      for (const view of VIEWS) {
        await window.go(`#/${view}`);
        await window.sees('main', text => text.length > 80);
        await window.screenshot(`${view}-dark`);
      }
      expect(await window.driver.getTitle()).toBe('Portcullis');
    } finally {
      await window.close();
      home.remove();
    }
  },
  300_000,
);
