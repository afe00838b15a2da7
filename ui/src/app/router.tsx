import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';

import { ApisView } from '../features/apis/ApisView';
import { JournalView, readJournalSearch } from '../features/journal/JournalView';
import { RoutesView } from '../features/routes/RoutesView';
import { readRoutesSearch } from '../features/routes/search';
import { RulesView } from '../features/rules/RulesView';
import { Shell } from './Shell';
import { NoSuchView, ViewFailed } from './ViewFailed';

const rootRoute = createRootRoute({ component: Shell });
const index = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/routes', search: {} });
  },
});
const routes = createRoute({
  getParentRoute: () => rootRoute,
  path: '/routes',
  component: RoutesView,
  validateSearch: readRoutesSearch,
});
const apis = createRoute({ getParentRoute: () => rootRoute, path: '/apis', component: ApisView });
const rules = createRoute({ getParentRoute: () => rootRoute, path: '/rules', component: RulesView });

const journal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/journal',
  component: JournalView,
  validateSearch: readJournalSearch,
});

/** The whole tree of views; everything that can be seen has an address after the `#`. */
export function newRouter() {
  const routeTree = rootRoute.addChildren([index, routes, apis, rules, journal]);
  return createRouter({
    routeTree,
    history: createHashHistory(),
    defaultErrorComponent: ViewFailed,
    defaultNotFoundComponent: NoSuchView,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
