import { expect, test } from 'vitest';

import { keystrokes, quantile, toldOf, turns } from './painted';
import { Home, Window } from './window';

const TARGET_MS = 100;
const PAGES = 30;

// Only `npm run bench:window` measures: a test run has no minutes for it.
test.skipIf(!process.env.PORTCULLIS_BENCH)('10,000 API keys on the board: a keystroke, and paging', { timeout: 400_000 }, async () => {
  const home = new Home();
  home.write('config/settings.toml', '[budget]\nrate = 100000\nburst = 100000\n');
  const window = await Window.open(home, ['--demo', '--scale', 'apis=2,routes=200,keys=10000']);
  try {
    await window.sees('[data-testid="age"]', text => text.includes('Read just now'));
    await window.driver.manage().setTimeouts({ script: 240_000 });
    await window.go('#/tenants');
    const heading = await window.sees('h1', text => text.includes('(10000)'));
    const board = '[data-testid="board"]';
    expect(await window.sees(`${board} tbody tr`, text => text !== '')).toContain('Over');
    const typed = await keystrokes(window, '[data-testid="tenants-filter"] input', ['9317', '7254', '8641', '5192']);
    await window.sees('h1', text => text.includes('(10000)'));
    const pages = await turns(window, board, PAGES);
    await window.screenshot('large-board');
    console.log(`${heading.replaceAll(/\s+/g, ' ')}
keystroke to painted, ${typed.times.length} keystrokes: ${toldOf(typed)}
the next page to painted, ${pages.times.length} pages: ${toldOf(pages)}`);
    expect(typed.times.length).toBeGreaterThanOrEqual(20);
    expect(pages.times.length).toBe(PAGES);
    expect(quantile(typed.times, 0.5)).toBeLessThanOrEqual(TARGET_MS);
  } finally {
    await window.close();
    home.remove();
  }
});
