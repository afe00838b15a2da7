import { expect, test } from 'vitest';

import { keystrokes, quantile, told, toldOf } from './painted';
import { Home, Window } from './window';

const TARGET_MS = 100;

const SCROLL = `
  const [count, done] = arguments;
  const grid = document.querySelector('[data-testid="routes-grid"]');
  const frames = [];
  let last = performance.now();
  const step = now => {
    frames.push(now - last);
    last = now;
    grid.scrollTop += 400;
    if (frames.length < count) requestAnimationFrame(step);
    else done(frames.slice(1));
  };
  requestAnimationFrame(now => { last = now; requestAnimationFrame(step); });
`;

// Only `npm run bench:window` measures: a test run has no minutes for it.
test.skipIf(!process.env.PORTCULLIS_BENCH)('50,000 routes: a keystroke, and scrolling', { timeout: 400_000 }, async () => {
  const home = new Home();
  home.write('config/settings.toml', '[budget]\nrate = 100000\nburst = 100000\n');
  const window = await Window.open(home, ['--demo', '--scale', 'apis=200,routes=50000']);
  try {
    const patience = Date.now() + 300_000;
    while (!(await window.texts('[data-testid="age"]')).join(' ').includes('Read just now') && Date.now() < patience);
    await window.driver.manage().setTimeouts({ script: 240_000 });
    const heading = await window.sees('h1', text => text.includes('('));
    const typed = await keystrokes(window, '[data-testid="routes-filter"] input', ['customers', 'orders', 'reports', 'search']);
    const frames = await window.driver.executeAsyncScript<number[]>(SCROLL, 200);
    console.log(`${heading.replaceAll(/\s+/g, ' ')}
keystroke to painted, ${typed.times.length} keystrokes: ${toldOf(typed)}
scrolling 400 px a frame, ${frames.length} frames: ${told(frames)}`);
    expect(typed.times.length).toBeGreaterThanOrEqual(20);
    expect(quantile(typed.times, 0.5)).toBeLessThanOrEqual(TARGET_MS);
  } finally {
    await window.close();
    home.remove();
  }
});
