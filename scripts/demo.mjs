// `npm run demo`: from a fresh clone to the window on the demo account.
import { npmPackages, debianPackages, userInterface } from './prerequisites.mjs';
import { next, plan, run } from './say.mjs';

const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;

if (display) {
  plan(5);
  next('System packages');
  debianPackages(false);
  next('npm packages');
  npmPackages();
  next('The interface');
  userInterface();
  next('The program (the first time takes some minutes)');
  run('cargo', ['build', '-p', 'portcullis', '--features', 'custom-protocol']);
  next('The window, on the demo account');
  run('target/debug/portcullis', ['--demo']);
} else {
  plan(2);
  next('The program without its window (the first time takes some minutes)');
  run('cargo', ['build', '-p', 'portcullis-cli']);
  next("The demo account's routes by audience");
  run('target/debug/portcullis-cli', ['--demo', 'routes', '--group-by', 'audience']);
  console.log('\nThere is no display here, so no window. On a machine with one, `npm run demo` opens it; over SSH, `ssh -X` brings one.');
}
