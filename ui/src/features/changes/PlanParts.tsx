import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';

import type { FieldChange, Plan, PlanTarget } from '../../api/bindings';
import { host } from '../../api/client';
import { useFrame } from '../../app/panel';
import { useAttempt } from '../../shared/attempt';
import { Foreign, visible } from '../../shared/text';
import './changes.css';

/** `stage prod of API storefront`. */
export function targetLabel(target: PlanTarget): string {
  switch (target.kind) {
    case 'usagePlan':
      return `usage plan ${target.planName}`;
    case 'planKey':
      return `key ${target.keyName} in usage plan ${target.planName}`;
    case 'apiKey':
      return `key ${target.keyName}`;
    case 'newApiKey':
      return `new key ${target.keyName}`;
    case 'webAcl':
      return `web ACL ${target.name}`;
    case 'newPlanKey':
      return `new key ${target.keyName} in usage plan ${target.planName}`;
    case 'alarm':
      return `alarm ${target.alarmName}`;
    case 'restStage':
    case 'httpStage':
      return `stage ${target.stage} of API ${target.apiName}`;
  }
}

function value(of: unknown): string {
  if (of === undefined || of === null) return 'not set';
  return typeof of === 'string' ? of : JSON.stringify(of);
}

function DiffTable({ changes, label }: { changes: FieldChange[]; label: string }) {
  return (
    <Table
      variant="embedded"
      wrapLines
      ariaLabels={{ tableLabel: label }}
      items={changes}
      columnDefinitions={[
        { id: 'field', header: 'Field', isRowHeader: true, cell: change => <Foreign text={change.label} />, minWidth: 180 },
        {
          id: 'before',
          header: 'Now',
          minWidth: 90,
          cell: change => (
            <span className="plan-before">
              <Foreign text={value(change.before)} />
            </span>
          ),
        },
        {
          id: 'after',
          header: 'After',
          minWidth: 90,
          cell: change => (
            <strong>
              <Foreign text={value(change.after)} />
            </strong>
          ),
        },
      ]}
    />
  );
}

/** Field by field, what was asked for first. */
export function PlanDiff({ plan }: { plan: Plan }) {
  return (
    <SpaceBetween size="s">
      {plan.targets.map((target, at) => {
        const changes = plan.changes.filter(change => change.target === at);
        const asked = changes.filter(change => !change.consequence);
        const consequences = changes.filter(change => change.consequence);
        const label = `${targetLabel(target)}, ${target.context}`;
        return (
          <div key={label}>
            <Box variant="h4">
              <Foreign text={label} />
            </Box>
            <DiffTable changes={asked} label={`Changes of ${visible(label)}`} />
            {consequences.length > 0 && (
              <ExpandableSection headerText={`${consequences.length} more fields that AWS writes with it`}>
                <DiffTable changes={consequences} label={`What AWS writes with it on ${visible(label)}`} />
              </ExpandableSection>
            )}
          </div>
        );
      })}
    </SpaceBetween>
  );
}

/** Whom it touches. */
export function PlanRoutes({ plan }: { plan: Plan }) {
  const touched = plan.routes.length + plan.tenants.length;
  if (touched === 0) return null;
  const parts = [
    ...(plan.routes.length > 0 ? [`${plan.routes.length} ${plan.routes.length === 1 ? 'route' : 'routes'}`] : []),
    ...(plan.tenants.length > 0 ? [`${plan.tenants.length} ${plan.tenants.length === 1 ? 'tenant' : 'tenants'}`] : []),
  ];
  return (
    <ExpandableSection headerText={`Touches ${parts.join(' and ')}`} defaultExpanded={touched <= 5}>
      <ul className="plan-touched">
        {plan.routes.map(route => (
          <li key={route.routeId}>
            <Foreign text={route.label} /> <Badge>{route.audience}</Badge> <Badge color="blue">{route.class}</Badge>{' '}
            <Box variant="small" display="inline">
              {route.requestsLastDay === undefined || route.requestsLastDay === null
                ? 'requests not known'
                : `${route.requestsLastDay.toLocaleString('en')} requests in the last day`}
            </Box>
          </li>
        ))}
        {plan.tenants.map(tenant => (
          <li key={tenant.keyId}>
            <Foreign text={tenant.name} /> ({tenant.keyId})
          </li>
        ))}
      </ul>
    </ExpandableSection>
  );
}

/** The calls, with what each needs and an `aws` command that does the same. */
export function PlanCommands({ plan }: { plan: Plan }) {
  const frame = useFrame();
  const attempt = useAttempt();
  if (plan.steps.length === 0) return null;
  const all = plan.steps.map(step => step.command).join('\n');
  return (
    <ExpandableSection
      headerText={plan.steps.length === 1 ? 'One call to AWS' : `${plan.steps.length} calls to AWS`}
      headerActions={
        <Button
          iconName="copy"
          variant="inline-icon"
          ariaLabel="Copy the aws commands"
          onClick={() => attempt(() => host.copyText(all).then(() => frame.notify('success', 'Copied.')))}
        />
      }
    >
      <ol className="plan-steps">
        {plan.steps.map(step => (
          <li key={step.command}>
            <code>
              <Foreign text={step.command} />
            </code>
            <Box variant="small" display="block">
              needs {step.iamAction} on <Foreign text={step.resourceArn} />
            </Box>
          </li>
        ))}
      </ol>
    </ExpandableSection>
  );
}
