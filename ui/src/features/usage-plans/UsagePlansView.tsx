import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import Alert from '@cloudscape-design/components/alert';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import type { UsagePlanLine } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { EmptyState, ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { count, quotaWords } from '../tenants/states';
import { QuotaModal } from './QuotaModal';
import { UsagePlanPanel } from './UsagePlanPanel';

/** What the address says of this view. */
export interface UsagePlansSearch {
  /** The plan in the panel. */
  plan?: string;
  context?: string;
}

export function readUsagePlansSearch(search: Record<string, unknown>): UsagePlansSearch {
  const text = (name: string) => (typeof search[name] === 'string' ? { [name]: search[name] } : {});
  return { ...text('plan'), ...text('context') };
}

/** Those whose methods have limits of their own say so. */
function limitWords(plan: UsagePlanLine): string {
  const apart = plan.stages.reduce((sum, stage) => sum + stage.methods.length, 0);
  const own = `${plan.throttle.rate ?? '–'}/s, ${plan.throttle.burst ?? '–'}`;
  return apart === 0 ? own : `${own}; ${apart === 1 ? '1 method' : `${apart} methods`} apart`;
}

/** What each usage plan allows, where, and what is wrong with it. */
export function UsagePlansView() {
  const search = useSearch({ from: '/usage-plans' });
  const navigate = useNavigate({ from: '/usage-plans' });
  const frame = useFrame();
  const plans = useOperation('usage_plan_list', { afresh: false });
  const [quota, setQuota] = useState<UsagePlanLine | null>(null);
  const { plan: shown, context } = search;
  useEffect(() => {
    const close = () => void navigate({ to: '/usage-plans', search: {} });
    frame.setPanel(
      shown === undefined ? null : <UsagePlanPanel key={`${context ?? ''}/${shown}`} id={shown} context={context} close={close} />,
    );
    return () => frame.setPanel(null);
  }, [shown, context, frame, navigate]);
  if (plans.error) return <ErrorAlert error={plans.error} retry={() => void plans.refetch()} />;
  const list = plans.data;
  return (
    <SpaceBetween size="m">
      {list && <GapsAlert coverage={list.coverage} />}
      {list !== undefined && list.looseKeys.length > 0 && (
        <Alert type="info" header={list.looseKeys.length === 1 ? 'One key is in no plan' : `${list.looseKeys.length} keys are in no plan`}>
          {list.looseKeys
            .slice(0, 10)
            .map(key => visible(key.name || key.id))
            .join(', ')}
        </Alert>
      )}
      <Table<UsagePlanLine>
        variant="container"
        wrapLines
        data-testid="usage-plans"
        header={
          <Header variant="h1" counter={list ? `(${list.items.length})` : ''} description="Quota and throttle hold for each key by itself.">
            Usage plans
          </Header>
        }
        loading={plans.isPending}
        loadingText="Reading usage plans"
        ariaLabels={{ tableLabel: 'Usage plans' }}
        trackBy="id"
        items={list?.items ?? []}
        empty={<EmptyState title="No usage plans">A usage plan says what an API key may do, and how much of it.</EmptyState>}
        columnDefinitions={[
          {
            id: 'name',
            header: 'Plan',
            isRowHeader: true,
            cell: plan => (
              <Link
                onFollow={event => {
                  event.preventDefault();
                  void navigate({ to: '/tenants', search: { text: plan.name } });
                }}
              >
                <Foreign text={plan.name} />
              </Link>
            ),
            minWidth: 170,
          },
          {
            id: 'quota',
            header: 'Quota',
            cell: plan => quotaWords(plan.quota),
            minWidth: 150,
          },
          {
            id: 'limit',
            header: 'Rate, burst',
            cell: limitWords,
            minWidth: 110,
          },
          { id: 'keys', header: 'Keys', cell: plan => (typeof plan.keys === 'number' ? count(plan.keys) : 'not read'), width: 80 },
          {
            id: 'opens',
            header: 'Opens',
            cell: plan => (
              <>
                {plan.stages.map(stage => (
                  <div key={`${stage.apiId}:${stage.stage}`}>
                    <Foreign text={`${stage.apiName ?? `${stage.apiId} (not found)`} ${stage.stage}`} />
                  </div>
                ))}
                <Box variant="small">
                  counts on {plan.methods.withKey} of {plan.methods.methods} methods
                </Box>
              </>
            ),
            minWidth: 170,
          },
          {
            id: 'findings',
            header: 'Findings',
            cell: plan =>
              plan.findings.length === 0 ? (
                <StatusIndicator type="success">none</StatusIndicator>
              ) : (
                plan.findings.map(finding => (
                  <div key={finding.message}>
                    <StatusIndicator type="warning" wrapText>
                      {visible(finding.message)}
                    </StatusIndicator>
                  </div>
                ))
              ),
            minWidth: 280,
          },
          {
            id: 'actions',
            header: 'Change',
            cell: plan => (
              <SpaceBetween size="xxs">
                <Button variant="inline-link" ariaLabel={`Change the quota of ${visible(plan.name)}`} onClick={() => setQuota(plan)}>
                  Quota
                </Button>
                <Button
                  variant="inline-link"
                  ariaLabel={`Change the limits of ${visible(plan.name)}`}
                  onClick={() => void navigate({ to: '/usage-plans', search: { plan: plan.id, context: plan.context } })}
                >
                  Limits
                </Button>
              </SpaceBetween>
            ),
            width: 90,
          },
        ]}
      />
      {quota && <QuotaModal plan={quota} close={() => setQuota(null)} />}
    </SpaceBetween>
  );
}
