// `npm run build`: the release, as a Debian package.
import { npmPackages, debianPackages } from './prerequisites.mjs';
import { next, plan, run } from './say.mjs';

plan(3);
next('System packages');
debianPackages(false);
next('npm packages');
npmPackages();
next('The package (optimised: many minutes on two cores)');
run('npx', ['tauri', 'build', '--bundles', 'deb']);
