import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';

import { AlarmsView } from '../features/alarms/AlarmsView';
import { readAlarmsSearch } from '../features/alarms/search';
import { ApisView, readApisSearch } from '../features/apis/ApisView';
import { CanariesView, readCanariesSearch } from '../features/canaries/CanariesView';
import { FindingsView } from '../features/findings/FindingsView';
import { readFindingsSearch } from '../features/findings/search';
import { JournalView, readJournalSearch } from '../features/journal/JournalView';
import { MetricsView } from '../features/metrics/MetricsView';
import { readMetricsSearch } from '../features/metrics/search';
import { OverviewView } from '../features/overview/OverviewView';
import { RotationView, readRotationSearch } from '../features/rotation/RotationView';
import { RoutesView } from '../features/routes/RoutesView';
import { readRoutesSearch } from '../features/routes/search';
import { RulesView } from '../features/rules/RulesView';
import { TenantsView, readTenantsSearch } from '../features/tenants/TenantsView';
import { TimelineView } from '../features/timeline/TimelineView';
import { readTimelineSearch } from '../features/timeline/search';
import { UsagePlansView, readUsagePlansSearch } from '../features/usage-plans/UsagePlansView';
import { WafView } from '../features/waf/WafView';
import { readWafSearch } from '../features/waf/search';
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
const apis = createRoute({ getParentRoute: () => rootRoute, path: '/apis', component: ApisView, validateSearch: readApisSearch });
const findings = createRoute({
  getParentRoute: () => rootRoute,
  path: '/findings',
  component: FindingsView,
  validateSearch: readFindingsSearch,
});
const overview = createRoute({ getParentRoute: () => rootRoute, path: '/overview', component: OverviewView });
const rules = createRoute({ getParentRoute: () => rootRoute, path: '/rules', component: RulesView });

const canaries = createRoute({
  getParentRoute: () => rootRoute,
  path: '/canaries',
  component: CanariesView,
  validateSearch: readCanariesSearch,
});
const journal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/journal',
  component: JournalView,
  validateSearch: readJournalSearch,
});
const changes = createRoute({
  getParentRoute: () => rootRoute,
  path: '/changes',
  component: TimelineView,
  validateSearch: readTimelineSearch,
});

const alarms = createRoute({
  getParentRoute: () => rootRoute,
  path: '/alarms',
  component: AlarmsView,
  validateSearch: readAlarmsSearch,
});
const metrics = createRoute({
  getParentRoute: () => rootRoute,
  path: '/metrics',
  component: MetricsView,
  validateSearch: readMetricsSearch,
});

const tenants = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tenants',
  component: TenantsView,
  validateSearch: readTenantsSearch,
});
const rotation = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rotation',
  component: RotationView,
  validateSearch: readRotationSearch,
});
const usagePlans = createRoute({
  getParentRoute: () => rootRoute,
  path: '/usage-plans',
  component: UsagePlansView,
  validateSearch: readUsagePlansSearch,
});

const waf = createRoute({ getParentRoute: () => rootRoute, path: '/waf', component: WafView, validateSearch: readWafSearch });

/** The whole tree of views; everything that can be seen has an address after the `#`. */
export function newRouter() {
  const routeTree = rootRoute.addChildren([
    index,
    overview,
    routes,
    apis,
    findings,
    tenants,
    usagePlans,
    rotation,
    rules,
    canaries,
    waf,
    alarms,
    metrics,
    changes,
    journal,
  ]);
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
