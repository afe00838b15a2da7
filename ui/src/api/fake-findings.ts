// Findings of the fake account: one of each kind that looks different.
import type {
  Audience,
  ControlCount,
  Coverage,
  Finding,
  FindingList,
  FindingListRequest,
  PostureOverview,
  PostureRun,
  Severity,
} from './bindings';

const SEVERITIES: Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];
const READ_AT = '2026-03-02T10:00:00Z';

function finding(
  control: string,
  title: string,
  severity: Severity,
  audience: Audience,
  path: string,
  change: Partial<Finding> = {},
): Finding {
  const [method = 'GET', route = '/'] = path.split(' ');
  return {
    id: `${control} 111122223333/eu-west-1/a1/prod/${method}${route}`,
    control,
    title,
    verdict: 'fail',
    severity,
    context: 'demo',
    account: '111122223333',
    region: 'eu-west-1',
    resource: { scope: 'route', id: path, label: path, arn: null },
    apiId: 'a1',
    apiName: audience === 'admin' ? 'admin' : 'storefront',
    stage: 'prod',
    route: { id: `111122223333/eu-west-1/a1/prod/${method}${route}`, method, path: route, count: 1, others: [path] },
    audience: { audience, source: 'tag', reason: `the tag portcullis:audience of the API says ${audience}` },
    expected: 'what the audience asks for',
    actual: 'authorizationType NONE, no API key required',
    evidence: [
      {
        call: 'apigateway:GetDeployment',
        of: 'dep001',
        pointer: `/apiSummary/${route.replaceAll('/', '~1')}/${method}/authorizationType`,
        value: '"NONE"',
        at: READ_AT,
      },
    ],
    commands: ['aws apigateway create-deployment --rest-api-id a1 --stage-name prod --region eu-west-1'],
    exceptionExpired: false,
    novelty: 'known',
    firstSeen: READ_AT,
    ...change,
  };
}

const GUARD = 'The guard fits the audience';
const LIMIT = 'The limit suits what the route does';

export const FAKE_FINDINGS: Finding[] = [
  finding('G1', GUARD, 'critical', 'admin', 'POST /admin/orders/{orderId}/refund', { novelty: 'new' }),
  finding('G1', GUARD, 'high', 'customer', 'GET /v1/orders/{orderId}', { novelty: 'returned' }),
  finding('G5', LIMIT, 'high', 'customer', 'POST /v1/login', { actual: "2000 requests per second, burst 4000, from the stage's default" }),
  finding('G5', LIMIT, 'high', 'checkout', 'POST /v2/checkout', {
    exception: {
      reason: 'The sale of the season; back on Monday',
      owner: 'payments',
      expires: '2026-03-09',
      by: 'ines',
      at: READ_AT,
    },
  }),
  finding('C2', 'Every request leaves a line in an access log', 'medium', 'checkout', 'POST /v2/checkout', {
    id: 'C2 111122223333/eu-west-1/a1/prod',
    resource: { scope: 'stage', id: 'a1/prod', label: 'stage prod of storefront', arn: null },
    route: { id: 'x', method: 'POST', path: '/v2/checkout', count: 50, others: ['POST /v2/checkout', 'GET /v2/cart'] },
    actual: 'none',
  }),
  finding('C4', 'Requests are traced with X-Ray', 'low', 'public', 'GET /v2/products', { actual: 'off' }),
  finding('G27', 'The web ACL blocks what it should', 'high', 'checkout', 'POST /v2/checkout', {
    verdict: 'unknown',
    actual: 'not known: GetWebACL was not read, or its answer does not have it',
    evidence: [],
    commands: [],
    novelty: null,
  }),
];

const counts = (one: Finding) => one.verdict === 'fail' && (!one.exception || one.exceptionExpired);
const number = (findings: Finding[], wanted: (one: Finding) => boolean) => findings.filter(wanted).length;

function run(findings: Finding[], coverage: Coverage, at: string): PostureRun {
  return {
    at,
    failing: SEVERITIES.map(severity => [severity, number(findings, one => counts(one) && one.severity === severity)]),
    unknown: number(findings, one => one.verdict === 'unknown'),
    excepted: number(findings, one => one.verdict === 'fail' && !counts(one)),
    new: number(findings, one => one.novelty === 'new'),
    returned: number(findings, one => one.novelty === 'returned'),
    fixed: [],
    coverage,
  };
}

function controls(findings: Finding[]): ControlCount[] {
  return [...new Set(findings.map(one => one.control))].map(id => ({
    control: {
      id,
      title: findings.find(one => one.control === id)?.title ?? id,
      scope: 'route',
      severities: [],
      why: 'Refunds are a request away from anybody when a route of theirs asks for nothing.',
      logic: 'Per route that a stage serves: fail when authorizationType is NONE.',
      remedy: 'Attach an authorizer that fits the audience, then deploy.',
      securityHub: ['APIGateway.8'],
      pci: ['7.2.1'],
      prowler: [],
    },
    tally: { fail: number(findings, one => one.control === id), unknown: 0, pass: 3, notApplicable: 1 },
  }));
}

/** Groups by severity or audience, and filters by what the view offers most. */
export function listFindings(findings: Finding[], request: FindingListRequest, coverage: Coverage, at: string): FindingList {
  const { filter, groupBy } = request.query;
  const listed = findings.filter(
    one =>
      (filter.verdicts.length === 0 || filter.verdicts.includes(one.verdict)) &&
      (filter.ids.length === 0 || filter.ids.includes(one.id)) &&
      (filter.severities.length === 0 || filter.severities.includes(one.severity)) &&
      (filter.audiences.length === 0 || filter.audiences.includes(one.audience.audience)) &&
      JSON.stringify(one).toLowerCase().includes(filter.text.toLowerCase()),
  );
  const keyOf = (one: Finding) => (groupBy === 'audience' ? one.audience.audience : one.verdict === 'unknown' ? 'Not known' : one.severity);
  const keys = groupBy === 'none' ? [''] : [...new Set(listed.map(keyOf))];
  const lines: FindingList['lines'] = keys.flatMap(key => {
    const own = groupBy === 'none' ? listed : listed.filter(one => keyOf(one) === key);
    const group = { key, label: key, count: own.length, severities: [], unknown: number(own, one => one.verdict === 'unknown') };
    const collapsed = request.collapsed.includes(key);
    const rows = collapsed ? [] : own.map(one => ({ line: 'finding' as const, finding: one }));
    return groupBy === 'none' ? rows : [{ line: 'group' as const, group, collapsed }, ...rows];
  });
  return {
    total: findings.length,
    matching: listed.length,
    lineCount: lines.length,
    lines: lines.slice(request.offset, request.offset + request.limit),
    controls: controls(findings),
    run: run(findings, coverage, at),
    evidenceRead: at !== '',
    coverage,
  };
}

/** One context's sums. */
export function overviewOf(findings: Finding[], coverage: Coverage, at: string): PostureOverview {
  const audiences = [...new Set(findings.map(one => one.audience.audience))].map(audience => {
    const own = findings.filter(one => one.audience.audience === audience);
    return {
      audience,
      routes: own.length * 7,
      severities: SEVERITIES.map(
        severity => [severity, number(own, one => counts(one) && one.severity === severity)] satisfies [Severity, number],
      ),
      unknown: number(own, one => one.verdict === 'unknown'),
    };
  });
  return {
    contexts: [
      {
        context: 'demo',
        account: '111122223333',
        region: 'eu-west-1',
        readAt: new Date().toISOString(),
        apis: findings.length === 0 ? 0 : 9,
        routes: findings.length * 20,
        audiences,
        worst: findings.filter(counts).slice(0, 5),
        new: number(findings, one => one.novelty === 'new' || one.novelty === 'returned'),
        excepted: number(findings, one => one.verdict === 'fail' && !counts(one)),
        unknown: number(findings, one => one.verdict === 'unknown'),
        canaries:
          findings.length === 0
            ? []
            : [{ apiId: 'a1', apiName: 'storefront', stage: 'prod', percentTraffic: 10, since: new Date().toISOString() }],
        drifted: findings.length === 0 ? 0 : 9,
        quotaPressure: at === '' ? null : 1,
        alarmsBurning: at === '' ? null : ['storefront-prod-5xx'],
        coverage,
      },
    ],
    evidenceRead: at !== '',
    lastRun: at === '' ? null : at,
  };
}
