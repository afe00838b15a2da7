// What is made from the catalogue of operations, as Rust says it now.
import { ask, fail, run } from './say.mjs';

const FILES = [
  ['bindings', 'ui/src/api/bindings.ts'],
  ['operations_md', 'docs/operations.md'],
];

/** Each generated file with the text that it ought to have. */
export function generated() {
  // The whole workspace is selected, as the tests select it: one package alone has other features, and compiles all again.
  const examples = FILES.flatMap(([example]) => ['--example', example]);
  run('cargo', ['build', '--quiet', '--workspace', '--features', 'portcullis/custom-protocol', ...examples]);
  return FILES.map(([example, file]) => {
    const text = ask(`target/debug/examples/${example}`, []);
    if (text === undefined) fail(`${file} cannot be made: target/debug/examples/${example}`);
    return [file, text];
  });
}
