// The rules file of the fake backend: enough of TOML to have mistakes with a place, and rules that move routes.
import type { Audience, AudienceRulesPreview, Route, WireError } from './bindings';

export const FAKE_RULES_PATH = '/home/sam/.config/portcullis/audience.toml';

export const FAKE_RULES = `# Whose routes are whose. The first rule that matches a route decides.

[tag]
key = "portcullis:audience"

[[rule]]
audience = "partner"
reason = "clinics call these, by contract"
path = "/partner/**"
`;

const AUDIENCES = ['public', 'customer', 'checkout', 'partner', 'webhook', 'admin', 'internal', 'unclassified'];
const KEYS = ['key', 'audience', 'reason', 'path', 'api', 'class', 'stage', 'method'];

interface Rule {
  audience: Audience;
  reason: string;
  path: string;
}

function mistake(line: number, column: number, field: string | null, what: string): WireError {
  return {
    code: 'rules-invalid',
    message: `Line ${line}, column ${column}${field === null ? '' : `, ${field}`}: ${what}`,
    position: { line, column, field },
  };
}

/** The rules of a text; throws a `WireError` with line, column and field. */
export function parseRules(text: string): Rule[] {
  const rules: Rule[] = [];
  let rule: Rule | undefined;
  text.split('\n').forEach((raw, at) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line === '[tag]') return;
    if (line === '[[rule]]') {
      rule = { audience: 'unclassified', reason: 'a rule of the organisation', path: '/**' };
      rules.push(rule);
      return;
    }
    const [, key = '', value] = /^(\w+) = "([^"]*)"$/u.exec(line) ?? [];
    const field = rule ? `rule.${key}` : `tag.${key}`;
    if (value === undefined)
      throw mistake(at + 1, raw.length + 1, null, 'this is no TOML: a key, an equals sign and a value in quotes are expected');
    if (!KEYS.includes(key)) throw mistake(at + 1, 1, field, `there is no field ${key}; expected one of ${KEYS.join(', ')}`);
    if (key === 'audience' && !AUDIENCES.includes(value))
      throw mistake(at + 1, 12, field, `${value} is no audience; expected one of ${AUDIENCES.join(', ')}`);
    if (!rule) return;
    if (key === 'audience') rule.audience = value as Audience;
    else if (key === 'reason') rule.reason = value;
    else if (key === 'path') rule.path = value;
  });
  return rules;
}

/** Which routes would move under a text. */
export function previewRules(text: string, routes: Route[]): AudienceRulesPreview {
  const rules = parseRules(text);
  const prefixes = rules.map(rule => rule.path.replace('**', ''));
  const moves = routes.flatMap(route => {
    const at = prefixes.findIndex(prefix => route.path.startsWith(prefix));
    const rule = rules[at];
    if (!rule || rule.audience === route.audience.audience) return [];
    return [
      {
        routeId: route.id,
        label: `${route.method} ${route.path} of ${route.apiName}, ${route.stage}`,
        before: route.audience.audience,
        after: rule.audience,
        reason: `rule ${at + 1}: ${rule.reason}`,
      },
    ];
  });
  const idleRules = prefixes.flatMap((prefix, at) => (routes.some(route => route.path.startsWith(prefix)) ? [] : [at + 1]));
  return { rules: rules.length, idleRules, moving: moves.length, moves: moves.slice(0, 200) };
}
