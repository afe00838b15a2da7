// What a machine with only Git, Rust, Node and Python lacks, and how it gets it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { ask, fail, run } from './say.mjs';

/** Debian's package, and why. */
const BUILD = [
  ['build-essential', 'compiles SQLite and links the program'],
  ['pkg-config', 'finds the libraries below'],
  ['libwebkit2gtk-4.1-dev', 'the webview that the window is made of'],
  ['libxdo-dev', 'menus and keyboard of the window'],
  ['librsvg2-dev', 'icons of the window'],
];
const TEST = [
  ['xvfb', 'a display without a screen'],
  ['webkit2gtk-driver', 'drives the real window'],
  ['dbus-x11', 'the session bus that GTK asks for'],
  ['python3-venv', 'a virtual environment for the AWS implementation that is not ours'],
];

/** Installs Debian packages that are missing, saying what and why. */
export function debianPackages(forTests) {
  const wanted = forTests ? [...BUILD, ...TEST] : BUILD;
  if (process.platform !== 'linux') {
    console.log("Not Linux: the webview is the system's own. See https://v2.tauri.app/start/prerequisites/");
    return;
  }
  const installed = name => ask('dpkg-query', ['-W', '-f=${Status}', name])?.includes('install ok installed');
  const missing = wanted.filter(([name]) => !installed(name));
  if (missing.length === 0) return;
  console.log('Missing Debian packages:');
  for (const [name, why] of missing) console.log(`  ${name}: ${why}`);
  if (!ask('apt-get', ['--version'])) {
    fail(`this system has no apt. Install what corresponds to: ${missing.map(([name]) => name).join(' ')}`);
  }
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = args => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    run(command, rest, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  console.log(`Installing them${sudo.length > 0 ? ' with sudo' : ''}`);
  apt(['update', '-q']);
  apt(['install', '-y', '-q', '--no-install-recommends', ...missing.map(([name]) => name)]);
}

/** Runs a step again only when one of its files changed. */
function stamped(name, files, action) {
  mkdirSync('target', { recursive: true });
  const stamp = `target/.${name}-stamp`;
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const now = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  action();
  writeFileSync(stamp, now);
}

export function npmPackages() {
  // Not `npm ci`: the lock file names no registry, and npm then leaves other platforms' optional binaries out of it, which
  // `npm ci` takes for a lock file that is out of date. Versions are the lock file's all the same.
  const install = () => run('npm', ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error']);
  if (existsSync('node_modules')) stamped('npm', ['package-lock.json'], install);
  else {
    install();
    stamped('npm', ['package-lock.json'], () => undefined);
  }
}

/** The WebDriver that starts the real window. */
export function tauriDriver() {
  if (existsSync('target/tools/bin/tauri-driver')) return;
  run('cargo', ['install', 'tauri-driver', '--version', '2.1.0', '--locked', '--root', 'target/tools', '--quiet']);
}

/** moto and boto3 in a virtual environment of their own; answers with its directory. */
export function pythonEnvironment() {
  const directory = `${process.cwd()}/target/python`;
  stamped('python', ['tests/requirements.txt'], () => {
    run('python3', ['-m', 'venv', directory]);
    run(`${directory}/bin/pip`, ['install', '--quiet', '--disable-pip-version-check', '-r', 'tests/requirements.txt']);
  });
  return directory;
}

/** The interface, built when one of its files changed. */
export function userInterface() {
  const files = (ask('git', ['ls-files', '-co', '--exclude-standard', 'ui', 'package-lock.json']) ?? '')
    .split('\n')
    .filter(file => file && existsSync(file));
  const build = () => run('npx', ['vite', 'build', '--config', 'ui/vite.config.ts', '--logLevel', 'warn']);
  if (existsSync('ui/dist/index.html')) stamped('ui', files, build);
  else {
    build();
    stamped('ui', files, () => undefined);
  }
}
