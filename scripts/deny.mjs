// `npm run deny`: licences, bans and sources of every dependency. Advisories need a database that is fetched from
// elsewhere; where it cannot be, this says so and checks the rest.
import { existsSync } from 'node:fs';

import { next, plan, run } from './say.mjs';

plan(3);
next('cargo-deny (compiled the first time)');
if (!existsSync('target/tools/bin/cargo-deny')) run('cargo', ['install', 'cargo-deny', '--locked', '--root', 'target/tools', '--quiet']);
next('The packages of every platform, which a build of this one does not fetch');
run('cargo', ['fetch', '--locked', '--quiet']);
next('Licences, bans, sources');
run('target/tools/bin/cargo-deny', ['--offline', 'check', 'licenses', 'bans', 'sources']);
console.log('Advisories were not checked: run `cargo deny check advisories` on a machine that reaches the database.');
