import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { Rule, WebAcl, WebAclDetail, WebAclLine, WebAclList } from '../../api/bindings';
import { complete, renderApp } from '../../test-host';

const ARN = 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop-shield/1';

const line = (over: Partial<WebAclLine> = {}): WebAclLine => ({
  context: 'demo',
  arn: ARN,
  name: 'shop-shield',
  description: 'Blocks',
  scope: 'REGIONAL',
  state: 'stops',
  defaultAction: 'allow',
  rules: 1,
  stopping: 1,
  counting: 0,
  unknown: 0,
  capacity: 930,
  logging: { kind: 'off' },
  stages: [{ apiId: 'a1', apiName: 'storefront', stage: 'prod' }],
  notEditable: null,
  ...over,
});

const rule = (over: Partial<Rule> = {}): Rule => ({
  name: 'limit-login',
  priority: 0,
  sentence: 'Block an IP after 100 requests in 5 minutes, counted per source IP, on paths that end with /login',
  effect: 'block',
  action: { kind: 'block', name: 'Block', status: null, bodyKey: null, headers: [] },
  tree: {
    words: 'More than 100 requests',
    known: true,
    json: null,
    children: [{ words: 'The path ends with /login', known: true, json: null, children: [] }],
  },
  rate: { limit: 100, window: 300 },
  group: null,
  version: null,
  overrides: [],
  inside: [],
  refersTo: [],
  labelsAdded: [],
  labelsNeeded: [],
  metricName: 'limit-login',
  metricsEnabled: true,
  samplesEnabled: true,
  known: true,
  fromFirewallManager: false,
  json: '{ "Name": "limit-login" }',
  ...over,
});

const acl = (rules: Rule[]): WebAcl => ({
  arn: ARN,
  name: 'shop-shield',
  id: '1',
  scope: 'REGIONAL',
  description: 'Blocks',
  defaultAction: { kind: 'allow', name: 'Allow', status: null, bodyKey: null, headers: [] },
  rules,
  capacity: 930,
  labelNamespace: 'awswaf:1:webacl:shop-shield:',
  metricName: 'shop-shield',
  managedByFirewallManager: false,
  tokenDomains: [],
  responseBodies: [],
});

const detail = (rules: Rule[], over: Partial<WebAclDetail> = {}): WebAclDetail => ({
  line: line(),
  acl: acl(rules),
  sets: [],
  routes: [],
  routeCount: 0,
  readAt: new Date().toISOString(),
  coverage: complete,
  ...over,
});

const list = (over: Partial<WebAclList> = {}): WebAclList => ({
  items: [line()],
  complete: true,
  exposed: 3,
  verdicts: [
    ['blocks', 1],
    ['only-counts', 1],
    ['not-possible', 1],
  ],
  uncovered: [
    {
      routeId: 'r1',
      label: 'POST /login of clinic-portal, prod',
      context: 'demo',
      audience: 'customer',
      class: 'login',
      verdict: 'only-counts',
      sentence: 'clinic-watch only counts requests to it: nothing is refused.',
    },
  ],
  readAt: new Date().toISOString(),
  calls: {},
  coverage: complete,
  ...over,
});

const OPEN = `#/waf?acl=${encodeURIComponent(JSON.stringify(ARN))}&context=%22demo%22`;

test('the list says what a web ACL really does, and which routes nothing protects', async () => {
  renderApp(
    {
      web_acl_list: () =>
        list({ items: [line(), line({ arn: 'b', name: 'clinic-watch', state: 'only-counts', stopping: 0, counting: 3 })] }),
    },
    '#/waf',
  );
  const table = await screen.findByTestId('web-acls');
  await within(table).findByText('Stops requests');
  within(table).getByText('Only counts');
  const routes = screen.getByTestId('uncovered');
  within(routes).getByText('POST /login of clinic-portal, prod');
  within(routes).getByText('(2 of 3)');
});

test('web ACLs that could not be read are no empty account', async () => {
  const gap = {
    context: 'demo',
    service: 'wafv2',
    operation: 'ListWebACLs',
    resource: 'the list of web ACLs',
    kind: 'denied' as const,
    code: 'AccessDeniedException',
    message: 'The list of web ACLs was not read: AWS denied wafv2:ListWebACLs.',
    requestId: 'r-1',
  };
  renderApp(
    { web_acl_list: () => list({ items: [], complete: false, uncovered: [], coverage: { complete: false, gaps: [gap] } }) },
    '#/waf',
  );
  await screen.findByText('No web ACL is known');
  screen.getByText(/AWS denied wafv2:ListWebACLs/);
  screen.getByText('None is known');
});

test('a rule opens as a tree, and markup in it is text', async () => {
  const hostile = rule({
    name: '<img src=x onerror=alert(1)>',
    effect: 'unknown',
    known: false,
    rate: null,
    tree: { words: 'Something that this program does not know', known: false, json: '{ "QuantumStatement": "<b>" }', children: [] },
  });
  renderApp({ web_acl_get: () => detail([rule(), hostile]) }, OPEN);
  fireEvent.click(await screen.findByText('<img src=x onerror=alert(1)>'));
  const panel = await screen.findByTestId('rule-panel');
  within(panel).getByText('{ "QuantumStatement": "<b>" }');
  within(panel).getByText(/does not know all of this rule/);
  expect(within(panel).queryByRole('button', { name: 'Only count' })).toBeNull();
  expect(document.querySelector('img')).toBeNull();
});

test('a rate outside of what WAF takes is not sent', async () => {
  const { asked } = renderApp({ web_acl_get: () => detail([rule()]) }, `${OPEN}&rule=%22limit-login%22`);
  const person = userEvent.setup();
  await person.click(await screen.findByRole('button', { name: 'Change rate' }));
  const requests = await screen.findByRole('textbox', { name: 'Requests' });
  await person.clear(requests);
  await person.type(requests, '9');
  await screen.findByText('WAF takes 10 to 2,000,000,000.');
  await person.click(screen.getByRole('button', { name: 'Review the plan' }));
  expect(asked.filter(one => one.name === 'waf_rate_limit_set')).toEqual([]);
});

test('a web ACL that is not changed here says why and offers nothing', async () => {
  const notEditable = 'AWS Firewall Manager manages it: change it there.';
  renderApp({ web_acl_get: () => detail([rule()], { line: line({ notEditable }) }) }, `${OPEN}&rule=%22limit-login%22`);
  await screen.findByText(notEditable);
  await screen.findByTestId('rule-panel');
  expect(screen.queryByRole('button', { name: 'Only count' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Change rate' })).toBeNull();
});

test('samples are read when a person asks, and not before', async () => {
  const { asked } = renderApp(
    { web_acl_get: () => detail([rule()]), web_acl_samples: () => ({ items: [] }) },
    `${OPEN}&rule=%22limit-login%22`,
  );
  const button = await screen.findByRole('button', { name: 'Show the last three hours' });
  expect(asked.some(one => one.name === 'web_acl_samples')).toBe(false);
  await userEvent.setup().click(button);
  await screen.findByText('WAF sampled no request of it in that time.');
  expect(asked.at(-1)?.request).toEqual({ context: 'demo', webAcl: ARN, rule: 'limit-login', minutes: 180 });
});

const PART = 'arn:aws:wafv2:eu-west-1:111122223333:regional';
const refusing = (over: Partial<Rule> = {}) =>
  rule({
    name: 'refused-clients',
    effect: 'group',
    group: 'shop-clients',
    refersTo: [`${PART}/rulegroup/shop-clients/1`],
    inside: [rule({ name: 'scrapers', refersTo: [`${PART}/regexpatternset/scrapers/2`] }), rule({ name: 'quiet', effect: 'count' })],
    ...over,
  });

test('a group of the account shows its rules as what they do here, and the sets that they refer to', async () => {
  const scrapers = {
    arn: `${PART}/regexpatternset/scrapers/2`,
    kind: 'regex-pattern-set' as const,
    name: 'scrapers',
    description: '',
    entries: ['^scrapy/', '<img src=x>'],
  };
  renderApp({ web_acl_get: () => detail([refusing()], { sets: [scrapers] }) }, '#/waf?acl="shop-shield"&rule="refused-clients"');
  const inside = await screen.findByTestId('rules-inside');
  expect(within(inside).getByText('quiet').closest('tr')?.textContent).toContain('Only counts');
  fireEvent.click(await screen.findByText('Pattern set scrapers: 2 patterns'));
  expect((await screen.findByLabelText('What is in scrapers')).textContent).toBe('^scrapy/\n<img src=x>');
});

test('a group or a set that could not be read says so, and an empty set that it matches nothing', async () => {
  const office = { arn: `${PART}/ipset/office/1`, kind: 'ip-set' as const, name: 'office', description: '', version: 'IPV4', entries: [] };
  const own = rule({ name: 'from-the-office', refersTo: [office.arn, `${PART}/ipset/partners/3`] });
  renderApp(
    { web_acl_get: () => detail([refusing({ effect: 'unknown', inside: [] }), own], { sets: [office] }) },
    '#/waf?acl="shop-shield"&rule="from-the-office"',
  );
  await screen.findByText('IP set office: empty: it matches nothing, IPv4');
  await screen.findByText(/What is in/);
  fireEvent.click(await screen.findByText('refused-clients'));
  await screen.findByText('What is in it could not be read');
});
