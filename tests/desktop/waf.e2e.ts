// Web ACLs in the real window: what they really do, from a route and back, and the two changes.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Home, Window } from './window';

const home = new Home();
let window: Window;

const DIALOG = '[role="dialog"]';
const PANEL = '[data-testid="rule-panel"]';

beforeAll(async () => {
  window = await Window.open(home);
  await window.sees('[data-testid="age"]', text => text.includes('calls'));
});

afterEach(async context => {
  if (context.task.result?.state === 'fail') await window.screenshot(context.task.name.replaceAll(/\W+/g, '-'));
});

afterAll(async () => {
  await window?.close();
  home.remove();
});

test('the list says what blocks, what only counts, and what nothing protects', async () => {
  await window.go('#/waf');
  const acls = await window.sees('[data-testid="web-acls"]', text => text.includes('clinic-watch'));
  expect(acls).toMatch(/shop-shield[\s\S]*Stops requests/);
  expect(acls).toMatch(/clinic-watch[\s\S]*Only counts/);
  const routes = await window.sees('[data-testid="uncovered"]', text => text.includes('POST /login of clinic-portal, prod'));
  expect(routes).toMatch(/None possible \d/);
});

test('a web ACL shows its rules in order and in words', async () => {
  await window.click('[data-testid="web-acls"] tbody tr a');
  const rules = await window.sees('[data-testid="waf-rules"]', text => text.includes('block-admin-paths'));
  expect(rules).toContain(
    'Block an IP after 100 requests in 5 minutes, counted per source IP, on paths in lower case that end with /login',
  );
  expect(rules.indexOf('limit-login')).toBeLessThan(rules.indexOf('limit-by-address'));
});

test('requests are counted by rule', async () => {
  await window.press('Requests');
  await window.sees('[data-testid="waf-counts"]', text => /limit-login\s+\d/.test(text));
});

test('from a route: which web ACL covers it and which rules can match', async () => {
  await window.go('#/routes?text=v2/login');
  await window.click('[data-route-id$="prod/POST/v2/login"]');
  await window.sees('[data-testid="route-panel"]', text => text.includes('best-effort'));
  await window.press('WAF', '//*[@data-testid="route-panel"]');
  await window.sees('[data-testid="route-waf"]', text => text.includes('rules of shop-shield can stop requests'));
  const panel = await window.sees('[data-testid="route-panel"]', text => text.includes('guessing-from-afar'));
  expect(panel).toMatch(/guessing-from-afar\s+Cannot match/);
  expect(panel).toContain('/prod/v2/login (execute-api)');
});

test('a rule group shows its rules as what they do here, and the set that one of them looks up', async () => {
  await window.go('#/waf?acl=%22shop-shield%22&rule=%22refused-clients%22');
  const panel = await window.sees(PANEL, text => text.includes('Rules of the group'));
  expect(panel).toMatch(/scrapers\s+Block requests where the header user-agent matches a pattern of the set scrapers\s+Blocks/);
  expect(panel).toMatch(/no-user-agent\s+Only count requests where the header user-agent is exactly 0 bytes\s+Only counts/);
  await window.press('Pattern set scrapers: 2 patterns', '//*[@data-testid="rule-panel"]', 'begins');
  await window.sees('pre[aria-label="What is in scrapers"]', text => text.includes('^scrapy/'));
  await window.screenshot('waf-group');
});

test('a rule is let to count, with the danger in words, and undone [waf_rule_action_set]', async () => {
  await window.go('#/waf?acl=%22shop-shield%22&rule=%22limit-login%22');
  await window.sees(PANEL, text => text.includes('The path in lower case ends with /login'));
  await window.press('Only count');
  const plan = await window.sees('[data-testid="plan"]', text => text.includes('will refuse nothing any more'));
  expect(plan).toContain('POST /v2/login of storefront, prod');
  await window.press('Allow changes');
  await window.sees('[data-testid="plan"]', text => text.includes('Kept in the journal'));
  await window.click(`${DIALOG} input[type="checkbox"]`);
  await window.replace(`${DIALOG} textarea`, 'a partner is locked out');
  await window.click('[data-testid="apply-plan"]');
  await window.sees('body', text => text.includes('applied and read back'));
  await window.sees(PANEL, text => text.includes('Only counts'));
  await window.click('[data-testid="undo-change"]');
  await window.sees('[data-testid="plan"]', text => text.includes('rule limit-login: action'));
  await window.click('[data-testid="apply-plan"]');
  await window.sees('[data-testid="journal"]', text => text.includes('Undone'));
});

test('a rate changes within what WAF takes [waf_rate_limit_set]', async () => {
  await window.go('#/waf?acl=%22shop-shield%22&rule=%22limit-login%22');
  await window.sees(PANEL, text => text.includes('Blocks'));
  await window.press('Change rate');
  await window.replace(`${DIALOG} input[aria-label="Requests"]`, '9');
  await window.sees(DIALOG, text => text.includes('WAF takes 10 to 2,000,000,000.'));
  await window.replace(`${DIALOG} input[aria-label="Requests"]`, '50');
  await window.press('Review the plan');
  await window.sees('[data-testid="plan"]', text => text.includes('begins to count anew'));
  await window.click('[data-testid="apply-plan"]');
  await window.sees('body', text => text.includes('applied and read back'));
  await window.sees(PANEL, text => text.includes('after 50 requests in 5 minutes'));
});

test('samples are shown when asked for, without credentials', async () => {
  await window.press('Show the last three hours');
  const samples = await window.sees('[data-testid="samples"]', text => text.includes('BLOCK'));
  expect(samples).not.toContain('eyJhbGciOi');
});
