// `npm run screenshots`: pictures of the real window for the README, taken by the end-to-end harness.
import { debianPackages, npmPackages, tauriDriver, userInterface } from './prerequisites.mjs';
import { debugPrograms } from './programs.mjs';
import { next, plan, run } from './say.mjs';

plan(4);
next('System and npm packages');
debianPackages(true);
npmPackages();
next('The interface and the driver');
userInterface();
tauriDriver();
next('The program');
debugPrograms();
next('Pictures');
run('npx', ['vitest', 'run', '--config', 'tests/desktop/vitest.config.ts', 'pictures'], {
  env: { ...process.env, PORTCULLIS_PICTURES: '1' },
});
