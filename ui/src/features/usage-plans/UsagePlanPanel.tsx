import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { useState } from 'react';

import type { Limit, Route, ThrottleSelection, UsagePlanLine } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { PANEL_WORDS } from '../../shared/panelWords';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { LimitTable } from '../throttles/LimitTable';
import type { LimitRow } from '../throttles/LimitTable';
import { LimitsModal } from '../throttles/LimitsModal';

/** Routes that are offered at once; typing narrows them. */
const ROUTES = 200;

const isSet = (limit: Limit) => typeof limit.rate === 'number' || typeof limit.burst === 'number';

/** The plan's own limit, and then one line for each method that has another. */
function rowsOf(plan: UsagePlanLine): LimitRow[] {
  const { context, id: usagePlanId } = plan;
  const own: LimitRow = {
    id: 'plan',
    label: 'Every method without a limit of its own',
    limit: plan.throttle,
    selection: { kind: 'usagePlan', context, usagePlanId },
    removable: isSet(plan.throttle),
  };
  const methods = plan.stages.flatMap(stage =>
    stage.methods.map(one => ({
      id: `${stage.apiId}:${stage.stage}:${one.method} ${one.path}`,
      label: `${one.method} ${one.path}`,
      note: `${stage.apiName ?? `${stage.apiId} (not found)`}, ${stage.stage}`,
      limit: one.limit,
      selection: {
        kind: 'usagePlanMethod' as const,
        context,
        usagePlanId,
        apiId: stage.apiId,
        stage: stage.stage,
        method: one.method,
        path: one.path,
      },
      removable: true,
    })),
  );
  return [own, ...methods];
}

/** A method that shall have a limit of its own in this plan. */
function OneMore({ plan }: { plan: UsagePlanLine }) {
  const [text, setText] = useState('');
  const [asked, setAsked] = useState(false);
  const [chosen, setChosen] = useState<Route | null>(null);
  const query = {
    filter: {
      operation: 'and' as const,
      tokens: [{ property: 'apiKeyRequired' as const, operator: '=' as const, value: 'true' }],
      text,
      includePreflight: false,
    },
    groupBy: null,
    sort: null,
  };
  const list = useOperation('route_list', { query, collapsed: [], offset: 0, limit: ROUTES }, asked);
  const limited = new Set(rowsOf(plan).map(row => row.id));
  const routes = (list.data?.lines ?? []).flatMap(line => {
    if (line.line !== 'route') return [];
    const { route } = line;
    const opened = plan.stages.some(stage => stage.apiId === route.apiId && stage.stage === route.stage);
    const apart = limited.has(`${route.apiId}:${route.stage}:${route.method} ${route.path}`);
    return route.context === plan.context && opened && !apart ? [route] : [];
  });
  const selection: ThrottleSelection | null = chosen && {
    kind: 'usagePlanMethod',
    context: plan.context,
    usagePlanId: plan.id,
    apiId: chosen.apiId,
    stage: chosen.stage,
    method: chosen.method,
    path: chosen.path,
  };
  return (
    <>
      <FormField label="Limit one more method" description="Methods of the plan's stages that ask for a key.">
        <div data-testid="one-more-method">
          <Select
            ariaLabel="Method"
            placeholder="Choose a method"
            filteringType="manual"
            filteringPlaceholder="Path, method, API"
            selectedOption={null}
            options={routes.map(route => ({
              value: route.id,
              label: visible(`${route.method} ${route.path}`),
              description: visible(`${route.apiName}, ${route.stage}`),
            }))}
            statusType={list.isFetching ? 'loading' : list.error ? 'error' : 'finished'}
            loadingText="Looking for routes"
            errorText="The routes could not be had"
            empty="No such method, or all have a limit of their own"
            onFocus={() => setAsked(true)}
            onLoadItems={({ detail }) => {
              setAsked(true);
              setText(detail.filteringText);
            }}
            onChange={({ detail }) => setChosen(routes.find(route => route.id === detail.selectedOption.value) ?? null)}
          />
        </div>
      </FormField>
      {chosen && selection && (
        <LimitsModal
          selection={selection}
          what={`${chosen.method} ${chosen.path} for each key of ${plan.name}`}
          now={plan.throttle}
          close={() => setChosen(null)}
        />
      )}
    </>
  );
}

/** The limits of a usage plan: its own, and those of single methods. */
export function UsagePlanPanel({ id, context, close }: { id: string; context: string | undefined; close: () => void }) {
  const plans = useOperation('usage_plan_list', { afresh: false });
  const plan = plans.data?.items.find(one => one.id === id && (context === undefined || one.context === context));
  return (
    <SplitPanel header={visible(plan?.name ?? 'Usage plan')} i18nStrings={PANEL_WORDS} hidePreferencesButton closeBehavior="hide">
      <div data-testid="usage-plan-panel">
        <SpaceBetween size="m">
          <Button onClick={close}>Close</Button>
          {plans.error && <ErrorAlert error={plans.error} retry={() => void plans.refetch()} />}
          {plans.data && !plan && <EmptyState title="There is no such usage plan">It was deleted, or its context is not open.</EmptyState>}
          {plan && (
            <>
              <Header variant="h3" description="For each key. On a method with a limit of its own, that one holds instead of the plan's.">
                Limits
              </Header>
              <LimitTable label={`Limits of ${visible(plan.name)}`} header="Method" rows={rowsOf(plan)} />
              {plan.methods.withKey === 0 ? (
                <Alert type="info">No method of its stages asks for a key, so the plan limits none.</Alert>
              ) : (
                <OneMore plan={plan} />
              )}
              <Box variant="small" color="text-body-secondary">
                AWS applies limits on a best-effort basis, and takes one change of a usage plan in 20 seconds.
              </Box>
            </>
          )}
        </SpaceBetween>
      </div>
    </SplitPanel>
  );
}
