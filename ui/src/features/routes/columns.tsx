import Badge from '@cloudscape-design/components/badge';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';

import type { Drift, Route, RouteProperty, ThrottleSource } from '../../api/bindings';
import { Foreign } from '../../shared/text';

export interface Column {
  id: RouteProperty;
  header: string;
  /** The least width, px. */
  width: number;
  /** Share of the width that is left over; none when there is nothing to say. */
  share?: number;
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
  'live-only': 'live, draft unknown',
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

/** 10,000 and not 10000: limits are compared by eye. */
function grouped(value: number | null | undefined): string {
  return value?.toLocaleString('en') ?? '–';
}

/** A limit as people say it. */
export function limitText(route: Route): string {
  const { limit, source } = route.throttle;
  if (source === 'unknown') return 'not known';
  return `${grouped(limit.rate)}/s, burst ${grouped(limit.burst)}`;
}

export const COLUMNS: Column[] = [
  { id: 'method', header: 'Method', width: 84, cell: route => <b>{route.method}</b> },
  { id: 'path', header: 'Path', width: 200, share: 2.2, cell: route => <Foreign text={route.path} /> },
  { id: 'api', header: 'API', width: 120, share: 1.4, cell: route => <Foreign text={route.apiName} /> },
  { id: 'stage', header: 'Stage', width: 84, cell: route => <Foreign text={route.stage} /> },
  { id: 'authorizationType', header: 'Authorization', width: 140, share: 1.2, cell: authorization },
  { id: 'apiKeyRequired', header: 'Key', width: 60, cell: route => (route.guard.apiKeyRequired ? 'Key' : '–') },
  {
    id: 'rateLimit',
    header: 'Limit',
    width: 210,
    share: 1.2,
    cell: route => (
      <span>
        {limitText(route)} <span className="routes-quiet">{LAYER[route.throttle.source]}</span>
      </span>
    ),
  },
  { id: 'wafAcl', header: 'Web ACL', width: 90, share: 0.8, cell: route => (route.wafAcl ? <Foreign text={route.wafAcl} /> : '–') },
  {
    id: 'drift',
    header: 'State',
    width: 130,
    share: 0.4,
    cell: route => (
      <>
        {route.drift !== 'none' && <Badge color="severity-medium">{DRIFT[route.drift]}</Badge>}{' '}
        {route.canary && <Badge color="blue">canary {route.canary.percentTraffic} %</Badge>}
      </>
    ),
  },
  { id: 'routeClass', header: 'Class', width: 110, cell: route => route.class.class },
  { id: 'audience', header: 'Audience', width: 110, cell: route => route.audience.audience },
  { id: 'audienceSource', header: 'Audience from', width: 130, cell: route => route.audience.source },
  { id: 'endpointType', header: 'Endpoint', width: 100, cell: route => route.endpointType },
  { id: 'apiKind', header: 'Kind', width: 100, cell: route => route.apiKind },
  { id: 'validator', header: 'Validator', width: 130, cell: route => (route.validator ? <Foreign text={route.validator} /> : '–') },
  { id: 'integrationType', header: 'Integration', width: 120, cell: route => route.integration?.kind ?? '–' },
  {
    id: 'timeoutMs',
    header: 'Timeout',
    width: 100,
    cell: route => (route.integration?.timeoutMs ? `${route.integration.timeoutMs} ms` : '–'),
  },
  { id: 'account', header: 'Account', width: 130, cell: route => route.account },
  { id: 'region', header: 'Region', width: 120, cell: route => route.region },
];

/** What is let go first where there is no room for everything; what is not named here goes before these. */
const KEPT_LONGEST: RouteProperty[] = ['wafAcl', 'apiKeyRequired', 'stage', 'drift', 'api', 'rateLimit', 'authorizationType', 'method'];

/** As many of the columns as a width, px, has room for, in their order; the path always. */
export function columnsThatFit(columns: Column[], width: number): Column[] {
  const worth = (column: Column) => (column.id === 'path' ? KEPT_LONGEST.length : KEPT_LONGEST.indexOf(column.id));
  const kept = new Set(columns);
  let needed = columns.reduce((sum, column) => sum + column.width, 0);
  for (const column of [...columns].reverse().sort((one, other) => worth(one) - worth(other))) {
    if (needed <= width || column.id === 'path') break;
    kept.delete(column);
    needed -= column.width;
  }
  return columns.filter(column => kept.has(column));
}

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
