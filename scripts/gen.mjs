// `npm run gen`: the TypeScript side of the catalogue.
import { writeFileSync } from 'node:fs';

import { ask, fail } from './say.mjs';

const text = ask('cargo', ['run', '-q', '-p', 'portcullis-operations', '--example', 'bindings']);
if (text === undefined) fail('the bindings cannot be made: cargo run -p portcullis-operations --example bindings');
writeFileSync('ui/src/api/bindings.ts', text);
console.log('ui/src/api/bindings.ts is written.');
