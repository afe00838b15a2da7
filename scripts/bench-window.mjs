// `npm run bench:window`: 50,000 routes in the real window, and 10,000 API keys on the board: a keystroke in the filter until
// it is painted, frames while scrolling, turning a page. PORTCULLIS_E2E_PROGRAM=target/release/portcullis measures a build that is there already.
import { debianPackages, npmPackages, tauriDriver, userInterface } from './prerequisites.mjs';
import { next, plan, run } from './say.mjs';

plan(3);
next('System and npm packages, the interface, the driver');
debianPackages(true);
npmPackages();
userInterface();
tauriDriver();
next('The release build (many minutes the first time)');
const built = process.env.PORTCULLIS_E2E_PROGRAM;
if (!built) run('cargo', ['build', '--release', '-p', 'portcullis', '--features', 'custom-protocol', '--bin', 'portcullis']);
next('The measurement');
run('npx', ['vitest', 'run', '--config', 'tests/desktop/vitest.config.ts', 'large'], {
  env: { ...process.env, PORTCULLIS_BENCH: '1', PORTCULLIS_E2E_PROGRAM: built ?? 'target/release/portcullis' },
});
