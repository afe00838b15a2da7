// Saying what happens and how far it is, and running commands.
import { spawnSync } from 'node:child_process';

const begun = Date.now();
let step = 0;
let steps = 0;

export function plan(count) {
  steps = count;
}

/** Announces the next step. */
export function next(what) {
  step += 1;
  const seconds = Math.round((Date.now() - begun) / 1000);
  console.log(`\n[${step}/${steps}, ${seconds} s] ${what}`);
}

/** Runs a command with the terminal's own streams; ends the program when it fails. */
export function run(command, args, options = {}) {
  const outcome = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (outcome.error) fail(`${command} cannot be started: ${outcome.error.message}`);
  if (outcome.status !== 0) fail(`${command} ${args.join(' ')} ended with ${outcome.status ?? outcome.signal}`);
}

/** Runs a command and gives its output back; undefined when it cannot be started or fails. */
export function ask(command, args) {
  const outcome = spawnSync(command, args, { encoding: 'utf8' });
  return outcome.status === 0 ? outcome.stdout : undefined;
}

export function fail(message) {
  console.error(`\nStopped: ${message}`);
  process.exit(1);
}
