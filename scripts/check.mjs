// `npm run check`: the fast gate.
import { readFileSync } from 'node:fs';

import { generated } from './generated.mjs';
import { npmPackages } from './prerequisites.mjs';
import { fail, next, plan, run } from './say.mjs';

plan(6);
next('npm packages');
npmPackages();
next('Rust format');
run('cargo', ['fmt', '--check']);
next('Clippy');
run('cargo', ['clippy', '--workspace', '--all-targets', '--quiet', '--', '-D', 'warnings']);
next('Types');
run('npx', ['tsc', '-p', 'ui/tsconfig.json', '--noEmit']);
next('Lint and format of the interface');
run('npx', ['oxlint', '--quiet', 'ui/src', 'scripts', 'tests/desktop']);
run('npx', ['prettier', '--check', '--log-level', 'warn', 'ui/src', 'scripts', 'tests/desktop']);
next('What is generated');
for (const [file, fresh] of generated()) {
  if (fresh !== readFileSync(file, 'utf8')) fail(`${file} is not what Rust says: npm run gen`);
}
console.log('\nAll good.');
