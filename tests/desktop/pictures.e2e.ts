import { expect, test } from 'vitest';

import { Home, Key, Window } from './window';

/** What the documentation shows; the pictures of the other views are for looking at. */
const DOCUMENTED = ['overview', 'findings', 'tenants', 'canaries', 'changes'];
/** A view says so while it asks. */
const ASKING = /Asking|Reading the|Loading/;

/** The addresses of the side navigation, in its order. */
async function views(window: Window): Promise<string[]> {
  const script = 'return [...document.querySelectorAll("nav a[href^=\'#/\']")].map(link => link.getAttribute("href").slice(2));';
  return window.driver.executeScript<string[]>(script);
}

async function pictureOf(window: Window, view: string, name: string, directory?: string) {
  await window.go(`#/${view}`);
  await window.sees('main', text => text.length > 80 && !ASKING.test(text));
  if (view === 'canaries') {
    await window.press('storefront, prod');
    await window.sees('[data-testid="canary-watch"]', text => /Healthy|Breached|Inconclusive/.test(text));
  }
  await window.screenshot(name, directory);
}

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
      await window.gone('#palette-input');
      const all = await views(window);
      expect(all).toContain('routes');
      for (const view of all.filter(view => view !== 'routes')) {
        await pictureOf(window, view, view, DOCUMENTED.includes(view) ? 'docs/images' : undefined);
      }
      await window.driver.actions().keyDown(Key.CONTROL).sendKeys('k').keyUp(Key.CONTROL).perform();
      await window.replace('#palette-input', 'dark mode');
      await window.sees('#palette-list', text => text.includes('Dark mode'));
      await window.driver.actions().sendKeys(Key.ENTER).perform();
      await window.gone('#palette-input');
      await pictureOf(window, 'routes', 'dark', 'docs/images');
      for (const view of all.filter(view => view !== 'routes')) await pictureOf(window, view, `${view}-dark`);
    } finally {
      await window.close();
      home.remove();
    }
  },
  // A picture takes a second, and on a machine that is busy ten.
  900_000,
);
