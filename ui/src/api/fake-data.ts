// The account behind the fake backend: the console's own demo shop in miniature, and one API whose strings are hostile.
import type { Api, ApiKind, Audience, Drift, EndpointType, Route, RouteClass, Stage } from './bindings';

export const FAKE_ACCOUNT = '123456789012';
export const FAKE_REGION = 'eu-west-1';
export const FAKE_CONTEXT = 'demo';

/** Right-to-left override, markup, a formula, a terminal escape, a line break. */
export const HOSTILE_NAME = '\u202Egnp.exe <img src=x onerror=alert(1)>\u001b[31m\n=cmd()';

/** `METHOD path | audience | class | authorization | rate/burst, - for the account's | drift`. */
type RouteText = string;

export interface FakeApi {
  api: Api;
  stages: Stage[];
  routes: RouteText[];
  wafAcl?: string;
}

function api(id: string, name: string, kind: ApiKind, endpointType: EndpointType, created: string, description?: string): Api {
  return {
    id,
    name,
    kind,
    endpointType,
    created,
    description,
    tags: {},
    executeApiDisabled: false,
    hasResourcePolicy: endpointType === 'PRIVATE',
  };
}

function stage(name: string, deploymentId: string, rate?: number, burst?: number): Stage {
  return {
    name,
    deploymentId,
    limits: rate === undefined ? {} : { '*/*': { rate, burst } },
    autoDeploy: false,
    tags: {},
    lastUpdated: '2026-03-02T10:00:00Z',
  };
}

export const FAKE_APIS: FakeApi[] = [
  {
    api: api('a1b2c3d4e5', 'storefront', 'REST', 'EDGE', '2025-04-11T08:00:00Z', 'The shop'),
    stages: [{ ...stage('prod', 'dep001', 500, 1000), canary: { deploymentId: 'dep002', percentTraffic: 10 } }, stage('staging', 'dep002')],
    wafAcl: 'shop-edge',
    routes: [
      'GET /v1/products | public | browse | NONE | 500/1000 | none',
      'GET /v1/products/{id} | public | browse | NONE | 500/1000 | none',
      'GET /v1/search | public | search | NONE | 50/100 | none',
      'POST /v1/login | public | login | NONE | 5/10 | none',
      'POST /v1/signup | public | sign-up | NONE | 5/10 | none',
      'POST /v1/login/otp | public | one-time-code | NONE | - | none',
      'POST /v1/password/reset | public | password-reset | NONE | - | changed',
      'GET /v1/me | customer | browse | COGNITO_USER_POOLS | 500/1000 | none',
      'GET /v1/me/orders | customer | browse | COGNITO_USER_POOLS | 500/1000 | none',
      'GET /v1/me/orders/{orderId} | customer | browse | NONE | 500/1000 | none',
      'DELETE /v1/me | customer | write | COGNITO_USER_POOLS | 500/1000 | removed',
      'POST /v1/cart/items | checkout | write | COGNITO_USER_POOLS | 500/1000 | none',
      'POST /v1/checkout | checkout | checkout | COGNITO_USER_POOLS | 20/40 | none',
      'POST /v1/coupons/redeem | checkout | coupon | NONE | - | added',
      'POST /v1/giftcards/check | checkout | gift-card | NONE | - | none',
    ],
  },
  {
    api: api('f6g7h8i9j0', 'admin', 'REST', 'PRIVATE', '2025-05-20T08:00:00Z', 'Back office'),
    stages: [stage('prod', 'dep010', 100, 200)],
    routes: [
      'GET /admin/users | admin | admin-action | AWS_IAM | 100/200 | none',
      'DELETE /admin/users/{id} | admin | admin-action | AWS_IAM | 100/200 | none',
      'POST /admin/refunds | admin | admin-action | NONE | 100/200 | none',
      'PUT /admin/prices | admin | admin-action | AWS_IAM | 100/200 | changed',
      'GET /internal/health | internal | health | NONE | 100/200 | none',
      'GET /internal/metrics | internal | other | NONE | 100/200 | none',
    ],
  },
  {
    api: api('k1l2m3n4o5', 'partner-api', 'REST', 'REGIONAL', '2025-08-01T08:00:00Z', 'For clinics and resellers'),
    stages: [stage('v2', 'dep020', 200, 400)],
    routes: [
      'GET /partner/orders | partner | browse | CUSTOM | 200/400 | none',
      'POST /partner/orders | partner | write | CUSTOM | 200/400 | none',
      'GET /partner/stock | partner | browse | NONE | 200/400 | none',
      'POST /webhooks/payment | webhook | webhook | NONE | 200/400 | none',
      'POST /webhooks/shipping | webhook | webhook | NONE | - | none',
      'ANY /{proxy+} | unclassified | other | NONE | - | none',
    ],
  },
  {
    api: api('p6q7r8s9t0', 'mobile', 'HTTP', 'REGIONAL', '2026-01-15T08:00:00Z'),
    stages: [stage('$default', 'dep030')],
    routes: [
      'GET /feed | customer | browse | JWT | - | none',
      'POST /feed/{id}/like | customer | write | JWT | - | none',
      'POST /session | public | login | NONE | - | none',
      'GET /status | public | health | NONE | - | none',
      '$default | unclassified | other | NONE | - | none',
    ],
  },
  {
    api: api('u1v2w3x4y5', 'live-updates', 'WEBSOCKET', 'REGIONAL', '2026-02-01T08:00:00Z'),
    stages: [stage('prod', 'dep040', 1000, 500)],
    routes: [
      '$connect | customer | message | CUSTOM | 1000/500 | none',
      '$disconnect | customer | message | NONE | 1000/500 | none',
      'subscribe | customer | message | NONE | 1000/500 | none',
    ],
  },
  {
    api: api('z6y7x8w9v0', HOSTILE_NAME, 'REST', 'REGIONAL', '2026-02-14T08:00:00Z', '<b>not bold</b>'),
    stages: [stage('<script>', 'dep050')],
    routes: [
      'GET /<script>alert(1)</script> | unclassified | other | NONE | - | none',
      'POST /\u202Etxt.exe | unclassified | write | NONE | - | none',
      `GET /${'very-long-segment/'.repeat(14)} | unclassified | other | NONE | - | draft-only`,
    ],
  },
];

function routeOf(of: FakeApi, stageOf: Stage, text: RouteText): Route {
  const [key = '', audience = '', routeClass = '', authorizationType = '', rates = '', drift = ''] = text.split(' | ');
  const space = key.indexOf(' ');
  const method = space < 0 ? key : key.slice(0, space);
  const path = space < 0 ? key : key.slice(space + 1);
  const [rate, burst] = rates.split('/');
  const own = rates !== '-';
  const source = own ? (Number(rate) < 100 ? 'stage-method' : 'stage-default') : 'account';
  return {
    id: `${FAKE_ACCOUNT}/${FAKE_REGION}/${of.api.id}/${stageOf.name}/${method}${path}`,
    context: FAKE_CONTEXT,
    account: FAKE_ACCOUNT,
    region: FAKE_REGION,
    apiId: of.api.id,
    apiName: of.api.name,
    apiKind: of.api.kind,
    endpointType: of.api.endpointType,
    stage: stageOf.name,
    method,
    path,
    audience: {
      audience: audience as Audience,
      source: audience === 'unclassified' ? 'none' : 'built-in',
      reason: audience === 'unclassified' ? 'no rule knows this path' : `the path has a word of the ${audience} audience`,
    },
    class: { class: routeClass as RouteClass, reason: `the path and method are those of ${routeClass}` },
    guard: {
      authorizationType,
      authorizer: authorizationType === 'CUSTOM' ? 'token-check' : null,
      scopes: [],
      apiKeyRequired: audience === 'partner',
    },
    throttle: { limit: own ? { rate: Number(rate), burst: Number(burst) } : { rate: 10_000, burst: 5_000 }, source, burstSource: source },
    integration: {
      kind: 'AWS_PROXY',
      target: `arn:aws:lambda:${FAKE_REGION}:${FAKE_ACCOUNT}:function:shop`,
      timeoutMs: 29_000,
      answersCors: false,
    },
    invokeUrl:
      of.api.endpointType === 'PRIVATE' ? null : `https://${of.api.id}.execute-api.${FAKE_REGION}.amazonaws.com/${stageOf.name}${path}`,
    customUrls: [],
    wafAcl: of.wafAcl ?? null,
    canary: stageOf.canary ?? null,
    drift: drift as Drift,
    driftDetail: drift === 'changed' ? 'the draft asks for another authorizer' : null,
  };
}

/** Every route of every stage. */
export function fakeRoutes(): Route[] {
  return FAKE_APIS.flatMap(of => of.stages.flatMap(stageOf => of.routes.map(text => routeOf(of, stageOf, text))));
}
