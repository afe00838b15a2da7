// `npm test`: everything. Installs what it needs, runs Rust, interface and end-to-end tests, and sums up.
import { spawn } from 'node:child_process';

import { debianPackages, npmPackages, pythonEnvironment, tauriDriver, userInterface } from './prerequisites.mjs';
import { debugPrograms } from './programs.mjs';
import { next, plan, run } from './say.mjs';

/** Runs a suite, shows its output, and counts what its runner says. */
function suite(command, args, env = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    let output = '';
    const take = stream => chunk => {
      stream.write(chunk);
      output += chunk;
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    child.on('error', error => resolve({ passed: 0, failed: 1, ok: false, reason: error.message }));
    child.on('close', code => {
      // oxlint-disable-next-line no-control-regex -- colours of the runners
      const plain = output.replace(/\u001b\[[0-9;]*m/g, '');
      const sum = pattern => [...plain.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
      const passed = sum(/test result: \w+\. (\d+) passed/g) + sum(/^\s*Tests\s.*?(\d+) passed/gm);
      const failed = sum(/test result: \w+\. \d+ passed; (\d+) failed/g) + sum(/^\s*Tests\s.*?(\d+) failed/gm);
      resolve({ passed, failed, ok: code === 0 });
    });
  });
}

plan(8);
next('System packages');
debianPackages(true);
next('npm packages');
npmPackages();
next('Python packages: an AWS implementation that is not ours');
const venv = pythonEnvironment();
next('The interface: types and build');
run('npx', ['tsc', '-p', 'ui/tsconfig.json', '--noEmit']);
userInterface();
next('The driver of the window');
tauriDriver();

const results = [];
next('Rust tests (the first time compiles everything: some minutes)');
const python = { PORTCULLIS_TEST_VENV: venv };
results.push(['Rust', await suite('cargo', ['test', '--workspace', '--features', 'portcullis/custom-protocol', '--no-fail-fast'], python)]);
next('Interface tests');
results.push(['Interface', await suite('npx', ['vitest', 'run', '--config', 'ui/vitest.config.ts'])]);
next('End-to-end tests in the real window');
debugPrograms();
results.push(['End to end', await suite('npx', ['vitest', 'run', '--config', 'tests/desktop/vitest.config.ts'])]);

console.log('');
let [passed, failed] = [0, 0];
for (const [name, result] of results) {
  // A suite that ended badly without counting a failure (it did not compile, say) is a failure.
  const bad = result.ok ? result.failed : Math.max(1, result.failed);
  const none = result.ok && result.passed === 0 ? 1 : 0;
  console.log(`${name}: ${result.passed} passed, ${bad} failed${none ? ', and that no test ran is a failure' : ''}`);
  passed += result.passed;
  failed += bad + none;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
