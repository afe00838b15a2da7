import Badge from '@cloudscape-design/components/badge';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';

import type { Drift, Route, RouteProperty, ThrottleSource } from '../../api/bindings';
import { Foreign } from '../../shared/text';

export interface Column {
  id: RouteProperty;
  header: string;
  /** Share of the width, and the least, px. */
  width: string;
  cell(route: Route): ReactNode;
}

const LAYER: Record<ThrottleSource, string> = {
  'stage-method': 'method',
  'stage-default': 'stage',
  account: 'account',
  unknown: 'unknown',
};

const DRIFT: Record<Drift, string> = {
  none: '',
  added: 'not deployed',
  removed: 'gone from draft',
  changed: 'draft differs',
  'draft-only': 'draft, live unknown',
};

const MAY_BE_OPEN = ['public', 'webhook', 'unclassified'];
const NO_TOKEN_YET = ['login', 'sign-up', 'one-time-code', 'password-reset', 'health', 'preflight'];

/** Nobody is asked who they are, although the audience says that somebody should be. */
export function isUnexpectedlyOpen(route: Route): boolean {
  const open = route.guard.authorizationType === 'NONE' && !route.guard.apiKeyRequired;
  return open && !MAY_BE_OPEN.includes(route.audience.audience) && !NO_TOKEN_YET.includes(route.class.class);
}

function authorization(route: Route): ReactNode {
  if (isUnexpectedlyOpen(route)) return <StatusIndicator type="error">Open</StatusIndicator>;
  const { authorizationType, authorizer } = route.guard;
  if (authorizationType === 'NONE') return 'None';
  return (
    <>
      {authorizationType}
      {authorizer && (
        <>
          {' '}
          <Foreign text={authorizer} />
        </>
      )}
    </>
  );
}

/** A limit as people say it. */
export function limitText(route: Route): string {
  const { limit, source } = route.throttle;
  if (source === 'unknown') return 'not known';
  return `${limit.rate ?? '–'}/s, burst ${limit.burst ?? '–'}`;
}

export const COLUMNS: Column[] = [
  { id: 'method', header: 'Method', width: '84px', cell: route => <b>{route.method}</b> },
  { id: 'path', header: 'Path', width: 'minmax(200px, 2.4fr)', cell: route => <Foreign text={route.path} /> },
  { id: 'api', header: 'API', width: 'minmax(100px, 1fr)', cell: route => <Foreign text={route.apiName} /> },
  { id: 'stage', header: 'Stage', width: '84px', cell: route => <Foreign text={route.stage} /> },
  { id: 'authorizationType', header: 'Authorization', width: 'minmax(140px, 1.6fr)', cell: authorization },
  { id: 'apiKeyRequired', header: 'Key', width: '60px', cell: route => (route.guard.apiKeyRequired ? 'Key' : '–') },
  {
    id: 'rateLimit',
    header: 'Limit',
    width: 'minmax(176px, 1fr)',
    cell: route => (
      <span>
        {limitText(route)} <span className="routes-quiet">{LAYER[route.throttle.source]}</span>
      </span>
    ),
  },
  { id: 'wafAcl', header: 'Web ACL', width: 'minmax(90px, 1fr)', cell: route => (route.wafAcl ? <Foreign text={route.wafAcl} /> : '–') },
  {
    id: 'drift',
    header: 'State',
    width: 'minmax(130px, 1fr)',
    cell: route => (
      <>
        {route.drift !== 'none' && <Badge color="severity-medium">{DRIFT[route.drift]}</Badge>}{' '}
        {route.canary && <Badge color="blue">canary {route.canary.percentTraffic} %</Badge>}
      </>
    ),
  },
  { id: 'routeClass', header: 'Class', width: '110px', cell: route => route.class.class },
  { id: 'audience', header: 'Audience', width: '110px', cell: route => route.audience.audience },
  { id: 'audienceSource', header: 'Audience from', width: '130px', cell: route => route.audience.source },
  { id: 'endpointType', header: 'Endpoint', width: '100px', cell: route => route.endpointType },
  { id: 'apiKind', header: 'Kind', width: '100px', cell: route => route.apiKind },
  { id: 'validator', header: 'Validator', width: '130px', cell: route => (route.validator ? <Foreign text={route.validator} /> : '–') },
  { id: 'integrationType', header: 'Integration', width: '120px', cell: route => route.integration?.kind ?? '–' },
  {
    id: 'timeoutMs',
    header: 'Timeout',
    width: '100px',
    cell: route => (route.integration?.timeoutMs ? `${route.integration.timeoutMs} ms` : '–'),
  },
  { id: 'account', header: 'Account', width: '130px', cell: route => route.account },
  { id: 'region', header: 'Region', width: '120px', cell: route => route.region },
];

export const DEFAULT_COLUMNS: RouteProperty[] = [
  'method',
  'path',
  'api',
  'stage',
  'authorizationType',
  'apiKeyRequired',
  'rateLimit',
  'wafAcl',
  'drift',
];

export const PROPERTY_NAMES: [RouteProperty, string, string][] = [
  ['audience', 'Audience', 'Audiences'],
  ['routeClass', 'Class', 'Classes'],
  ['method', 'Method', 'Methods'],
  ['path', 'Path', 'Paths'],
  ['api', 'API', 'APIs'],
  ['stage', 'Stage', 'Stages'],
  ['authorizationType', 'Authorization', 'Authorizations'],
  ['authorizer', 'Authorizer', 'Authorizers'],
  ['apiKeyRequired', 'Key required', 'Key required'],
  ['endpointType', 'Endpoint', 'Endpoints'],
  ['apiKind', 'API kind', 'API kinds'],
  ['rateLimit', 'Rate limit', 'Rate limits'],
  ['burstLimit', 'Burst limit', 'Burst limits'],
  ['throttleSource', 'Limit from', 'Limit from'],
  ['wafAcl', 'Web ACL', 'Web ACLs'],
  ['drift', 'Drift', 'Drift'],
  ['canary', 'Canary', 'Canary'],
  ['validator', 'Validator', 'Validators'],
  ['integrationType', 'Integration', 'Integrations'],
  ['timeoutMs', 'Timeout (ms)', 'Timeouts'],
  ['audienceSource', 'Audience from', 'Audience from'],
  ['account', 'Account', 'Accounts'],
  ['region', 'Region', 'Regions'],
  ['context', 'Context', 'Contexts'],
];
