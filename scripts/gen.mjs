// `npm run gen`: what is made from the catalogue: the TypeScript side and the documentation.
import { writeFileSync } from 'node:fs';

import { generated } from './generated.mjs';

for (const [file, text] of generated()) {
  writeFileSync(file, text);
  console.log(`${file} is written.`);
}
