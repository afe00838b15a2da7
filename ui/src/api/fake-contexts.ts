// Contexts, diagnoses and gaps of the fake backend.
import type { ContextList, ContextSpec, Coverage, Diagnosis, OpenContext } from './bindings';
import { FAKE_ACCOUNT, FAKE_CONTEXT, FAKE_REGION, HOSTILE_NAME } from './fake-data';

export const PROFILES: ContextList['profiles'] = [
  { name: 'shop-prod', region: 'eu-west-1', kind: 'SSO session acme' },
  { name: 'shop-staging', region: 'eu-west-1', kind: 'SSO session acme' },
  { name: 'clinic', region: 'eu-central-1', kind: 'assumes role arn:aws:iam::210987654321:role/ReadOnly' },
  { name: 'legacy', kind: 'static keys' },
];

export const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2'];

function labelOf(spec: ContextSpec): string {
  const source = spec.source.kind === 'demo' ? FAKE_CONTEXT : spec.source.kind === 'profile' ? spec.source.name : 'default chain';
  const region = spec.region ? `@${spec.region}` : '';
  return `${source}${region}${spec.endpointUrl ? ` via ${spec.endpointUrl}` : ''}`;
}

/** A context as it stands open after it was chosen. */
export function opened(spec: ContextSpec): OpenContext {
  return {
    spec,
    label: labelOf(spec),
    account: FAKE_ACCOUNT,
    callerArn: `arn:aws:sts::${FAKE_ACCOUNT}:assumed-role/ReadOnly/sam`,
    region: spec.region ?? FAKE_REGION,
    endpointUrl: spec.endpointUrl ?? null,
    access: { mode: 'read-only', protected: false },
  };
}

export function diagnose(open: OpenContext[]): Diagnosis {
  return {
    machine: [{ subject: 'audience rules', outcome: 'ok', finding: 'There is no audience.toml: tags and the built-in rules decide.' }],
    contexts: open.map(context => ({
      context: context.label,
      checks: [
        { subject: 'credentials', outcome: 'ok', finding: 'SSO session acme, valid for 7 h 12 min' },
        {
          subject: 'identity',
          outcome: 'ok',
          finding: `you are ${context.callerArn ?? 'not known'}`,
          requestId: '7a1c9a52-0000-4000-8000-000000000001',
        },
        {
          subject: 'wafv2:GetWebACLForResource',
          outcome: 'problem',
          finding: 'AWS answered AccessDeniedException',
          remedy: 'Ask for the action wafv2:GetWebACLForResource on the stages of this account.',
          requestId: '7a1c9a52-0000-4000-8000-000000000002',
        },
        { subject: 'endpoint', outcome: 'warning', finding: 'answers take 900 ms', remedy: 'Check the proxy.' },
      ],
    })),
  };
}

/** So many calls that brought nothing. The first one's texts are hostile. */
export function coverageWith(gaps: number): Coverage {
  return {
    complete: gaps === 0,
    gaps: Array.from({ length: gaps }, (_, at) => ({
      context: FAKE_CONTEXT,
      service: 'apigateway',
      operation: at % 2 === 0 ? 'GetResources' : 'GetStages',
      resource: `API ${at === 0 ? HOSTILE_NAME : `api-${at}`}`,
      kind: 'denied' as const,
      code: 'AccessDeniedException',
      message: `The resources of API ${at === 0 ? HOSTILE_NAME : `api-${at}`} could not be read: AWS denied it. Ask for apigateway:GET on it.`,
      requestId: `7a1c9a52-0000-4000-8000-${String(at).padStart(12, '0')}`,
    })),
  };
}
