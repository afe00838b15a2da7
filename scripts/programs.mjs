// The programs as the tests run them.
import { run } from './say.mjs';

/**
 * The whole workspace, and with it an example, since examples have what tests have: Cargo then unifies the features of all
 * dependencies as it does for `cargo test`, and nothing that is compiled for the tests is compiled again for the window.
 */
export function debugPrograms() {
  run('cargo', ['build', '--workspace', '--features', 'portcullis/custom-protocol', '--bins', '--example', 'bindings']);
}
