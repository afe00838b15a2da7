// `npm run gen`: what is made from the catalogue: the TypeScript side and the documentation.
import { writeFileSync } from 'node:fs';

import { ask, fail } from './say.mjs';

for (const [example, file] of [
  ['bindings', 'ui/src/api/bindings.ts'],
  ['operations_md', 'docs/operations.md'],
]) {
  const text = ask('cargo', ['run', '-q', '-p', 'portcullis-operations', '--example', example]);
  if (text === undefined) fail(`${file} cannot be made: cargo run -p portcullis-operations --example ${example}`);
  writeFileSync(file, text);
  console.log(`${file} is written.`);
}
