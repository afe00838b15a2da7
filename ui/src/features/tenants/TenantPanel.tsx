import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { Tenant, TenantPlan } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { useNow } from '../../shared/now';
import { PANEL_WORDS } from '../../shared/panelWords';
import { ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { Changes } from './Changes';
import { KeyActions } from './KeyActions';
import { QuotaWords, count, quotaWords } from './states';
import { UseChart } from './UseChart';

/** Which limit refused them, in sentences to read aloud. */
function Refused({ tenant }: { tenant: Tenant }) {
  const [route, setRoute] = useState<string | null>(null);
  const answer = useOperation('tenant_explain', { tenant: tenant.name.name, routeId: route ?? '' }, route !== null);
  const label = tenant.routes.find(one => one.routeId === route)?.label;
  return (
    <Container header={<Header variant="h3">Which limit refused them?</Header>}>
      <SpaceBetween size="s">
        <Select
          placeholder="Choose a route"
          ariaLabel="Route"
          filteringType="auto"
          selectedOption={route === null ? null : { value: route, label: visible(label ?? route) }}
          options={tenant.routes.map(one => ({
            value: one.routeId,
            label: visible(one.label),
            description: one.requiresKey ? '' : 'asks for no key',
          }))}
          empty="Their plans open no route that was read"
          onChange={({ detail }) => setRoute(detail.selectedOption.value ?? null)}
        />
        {route !== null && answer.error && <ErrorAlert error={answer.error} retry={() => void answer.refetch()} />}
        {route !== null && answer.isFetching && <Spinner />}
        {route !== null && answer.data && !answer.isFetching && (
          <div data-testid="refused">
            {answer.data.keys.map(key => (
              <div key={key.keyId}>
                {answer.data.keys.length > 1 && (
                  <Box variant="h4">
                    <Foreign text={`${key.keyName} (${key.keyId})`} />
                  </Box>
                )}
                {key.sentences.map((sentence, at) => (
                  <Box key={sentence} variant="p" fontWeight={at === 0 ? 'bold' : 'normal'}>
                    <Foreign text={sentence} />
                  </Box>
                ))}
              </div>
            ))}
          </div>
        )}
      </SpaceBetween>
    </Container>
  );
}

/** Methods with limits of their own in the plan, and the way to change them. */
function PlanLimits({ plan, context }: { plan: TenantPlan; context: string }) {
  const navigate = useNavigate();
  const { usagePlanId } = plan.row;
  if (!usagePlanId) return null;
  return (
    <div>
      {plan.methodLimits.length > 0 && (
        <ul>
          {plan.methodLimits.map(one => (
            <li key={`${one.stage} ${one.method}`}>
              <Foreign text={`${one.method} (${one.stage})`} />: {one.limit.rate ?? '–'}/s, burst {one.limit.burst ?? '–'}
            </li>
          ))}
        </ul>
      )}
      <Button variant="inline-link" onClick={() => void navigate({ to: '/usage-plans', search: { plan: usagePlanId, context } })}>
        Limits of the plan
      </Button>
    </div>
  );
}

function Place({ plan, tenant }: { plan: TenantPlan; tenant: Tenant }) {
  const { row, quota } = plan;
  const { standing } = row;
  const limit = quotaWords(quota);
  return (
    <Container
      header={
        <Header variant="h3" description={<Foreign text={`Key ${row.keyName} (${row.keyId})`} />}>
          <Foreign text={row.planName ?? 'In no usage plan'} />
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'State', value: <QuotaWords state={standing.state} /> },
            { label: 'Used', value: `${count(standing.used)}${typeof standing.limit === 'number' ? ` of ${count(standing.limit)}` : ''}` },
            { label: 'About left', value: count(standing.remaining) },
            { label: 'Quota of the plan', value: limit },
            { label: 'Per day', value: count(standing.burnPerDay) },
            { label: 'Gone on', value: standing.exhaustedOn ?? (standing.resetsOn ? `lasts until ${standing.resetsOn}` : '–') },
            { label: 'Rate, burst', value: `${row.throttle.rate ?? '–'}/s, ${row.throttle.burst ?? '–'}` },
            { label: 'Key age', value: typeof row.ageDays === 'number' ? `${row.ageDays} days` : '–' },
            { label: 'Last used', value: standing.lastUsedOn ?? 'not in 35 days' },
          ]}
        />
        <PlanLimits plan={plan} context={tenant.context} />
        {row.usagePlanId && <UseChart plan={plan} />}
        <KeyActions plan={plan} context={tenant.context} />
      </SpaceBetween>
    </Container>
  );
}

interface Props {
  tenant: string;
  context: string | undefined;
  close: () => void;
}

/** Everything about one tenant. */
export function TenantPanel({ tenant: name, context, close }: Props) {
  const query = useOperation('tenant_get', { tenant: name, context: context ?? null });
  const tenant = query.data;
  const now = useNow();
  return (
    <SplitPanel header={visible(name)} i18nStrings={PANEL_WORDS} hidePreferencesButton closeBehavior="hide">
      <div data-testid="tenant-panel">
        <SpaceBetween size="m">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Close</Button>
          </SpaceBetween>
          {query.error && <ErrorAlert error={query.error} retry={() => void query.refetch()} />}
          {query.isPending && <Spinner />}
          {tenant && (
            <>
              <GapsAlert coverage={tenant.coverage} />
              <Box color="text-body-secondary">
                <Foreign text={`Known by ${tenant.name.reason}, in ${tenant.context}`} />
                <div>
                  Read {ageOf(tenant.readAt, now)}. AWS&apos;s own numbers of use were up to 40 minutes old then, and what is left is best
                  effort.
                </div>
              </Box>
              <Refused tenant={tenant} />
              {tenant.plans.map(plan => (
                <Place key={plan.row.id} plan={plan} tenant={tenant} />
              ))}
              <Changes changes={tenant.changes} />
              <ExpandableSection headerText={`Routes that their plans open (${tenant.routeCount})`}>
                <ul>
                  {tenant.routes.map(route => (
                    <li key={route.routeId}>
                      <Foreign text={route.label} />
                      {!route.requiresKey && ' – asks for no key, so no plan counts there'}
                    </li>
                  ))}
                </ul>
                {tenant.routeCount > tenant.routes.length && <div>and {tenant.routeCount - tenant.routes.length} more</div>}
              </ExpandableSection>
            </>
          )}
        </SpaceBetween>
      </div>
    </SplitPanel>
  );
}
