// `npm run bench:startup`: from starting the release build to its Routes view on the screen, shown from the last
// snapshot, against a Tauri window with nothing in it. What counts is what the display shows: its memory is read
// directly, so neither program is driven or changed for the measurement.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { debianPackages, npmPackages, userInterface } from './prerequisites.mjs';
import { fail, next, plan, run } from './say.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 10);
const PATIENCE = 60_000;
const TARGET = 4;

/** A colour, and how many pixels of it say that the window is there. */
const BLANK = { colour: 0x16c60c, pixels: 500_000 };
// The badge of what is open, which only rows that came from the snapshot have.
const ROUTES = { colour: 0xdb0000, pixels: 300 };

const home = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
const env = {
  PATH: process.env.PATH,
  HOME: home,
  LANG: 'C.UTF-8',
  GDK_BACKEND: 'x11',
  WEBKIT_DISABLE_DMABUF_RENDERER: '1',
  PORTCULLIS_DATA_DIR: join(home, 'data'),
  PORTCULLIS_CONFIG_DIR: join(home, 'config'),
};

const wait = ms => new Promise(done => setTimeout(done, ms));
const median = numbers => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** How many pixels of a colour the display shows. The file is what Xvfb keeps its screen in, in xwd's format. */
function shown(colour) {
  const file = openSync(join(home, 'Xvfb_screen0'), 'r');
  const header = Buffer.alloc(100);
  readSync(file, header, 0, 100, 0);
  const start = header.readUInt32BE(0) + header.readUInt32BE(76) * 12;
  const screen = Buffer.alloc(header.readUInt32BE(48) * header.readUInt32BE(20));
  readSync(file, screen, 0, screen.length, start);
  closeSync(file);
  const words = new Uint32Array(screen.buffer, screen.byteOffset, screen.length / 4);
  let count = 0;
  for (const word of words) if ((word & 0xffffff) === colour) count += 1;
  return count;
}

/** Starts a program; answers with the ms until the display shows its sign. */
async function start(program, args, sign) {
  const begun = performance.now();
  const child = spawn('dbus-run-session', ['--', program, ...args], { env, stdio: 'ignore', detached: true });
  const gone = new Promise(done => child.once('exit', done));
  let taken;
  while (taken === undefined && performance.now() - begun < PATIENCE) {
    if (shown(sign.colour) >= sign.pixels) taken = performance.now() - begun;
    else await wait(4);
  }
  const keep = process.env.KEEP_MS;
  if (keep) await wait(Number(keep));
  process.kill(-child.pid, 'SIGTERM');
  await gone;
  // The next one must not see this one's picture.
  while (shown(sign.colour) >= sign.pixels) await wait(20);
  if (taken === undefined) fail(`${program} showed nothing within ${PATIENCE / 1000} s`);
  return taken;
}

plan(4);
next('System and npm packages, the interface');
debianPackages(true);
npmPackages();
userInterface();
next('The release build and the blank window (many minutes the first time)');
run('cargo', [
  'build',
  '--release',
  '-p',
  'portcullis',
  '--features',
  'custom-protocol',
  '--bin',
  'portcullis',
  '--example',
  'blank_window',
]);
const program = 'target/release/portcullis';
const blank = 'target/release/examples/blank_window';
next('A snapshot of the demo account');
// A display whose number nobody else has; it goes when this program does, however that ends.
const screen = ['-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-fbdir', home, '-displayfd', '3'];
const display = spawn('Xvfb', screen, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
process.on('exit', () => display.kill());
env.DISPLAY = `:${String(await new Promise(said => display.stdio[3].once('data', said))).trim()}`;
while (!existsSync(join(home, 'Xvfb_screen0'))) await wait(20);
await wait(500);
process.env.KEEP_MS = '4000';
await start(program, ['--demo'], ROUTES);
delete process.env.KEEP_MS;
// So slow that nothing but the snapshot can be what is shown.
mkdirSync(join(home, 'config'), { recursive: true });
writeFileSync(join(home, 'config/settings.toml'), '[budget]\nrate = 0.1\nburst = 1\n');

next(`${ROUNDS} starts of each, in turn`);
const times = { blank: [], routes: [] };
for (let round = 0; round <= ROUNDS; round += 1) {
  const empty = await start(blank, [], BLANK);
  const routes = await start(program, [], ROUTES);
  // The first of each fills the disk's cache, and does not count.
  if (round > 0) {
    times.blank.push(empty);
    times.routes.push(routes);
  }
}
display.kill();
rmSync(home, { recursive: true, force: true });
const [empty, routes] = [median(times.blank), median(times.routes)];
const ratio = routes / empty;
console.log(`blank window: ${times.blank.map(Math.round).join(', ')} ms; median ${Math.round(empty)} ms`);
console.log(`Routes view:  ${times.routes.map(Math.round).join(', ')} ms; median ${Math.round(routes)} ms`);
console.log(`ratio ${ratio.toFixed(2)}, at most ${TARGET} wanted`);
process.exit(ratio <= TARGET ? 0 : 1);
