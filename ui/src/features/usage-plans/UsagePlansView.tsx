import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import Alert from '@cloudscape-design/components/alert';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { UsagePlanLine } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { EmptyState, ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { LimitsModal } from '../throttles/LimitsModal';
import { count } from '../tenants/states';
import { QuotaModal } from './QuotaModal';

/** What each usage plan allows, where, and what is wrong with it. */
export function UsagePlansView() {
  const navigate = useNavigate();
  const plans = useOperation('usage_plan_list', { afresh: false });
  const [limits, setLimits] = useState<UsagePlanLine | null>(null);
  const [quota, setQuota] = useState<UsagePlanLine | null>(null);
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
            cell: plan => (plan.quota ? `${count(plan.quota.limit)} per ${plan.quota.period.toLowerCase()}` : 'none'),
            minWidth: 150,
          },
          {
            id: 'limit',
            header: 'Rate, burst',
            cell: plan => `${plan.throttle.rate ?? '–'}/s, ${plan.throttle.burst ?? '–'}`,
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
                <Button variant="inline-link" ariaLabel={`Change the limits of ${visible(plan.name)}`} onClick={() => setLimits(plan)}>
                  Limits
                </Button>
              </SpaceBetween>
            ),
            width: 90,
          },
        ]}
      />
      {limits && (
        <LimitsModal
          selection={{ kind: 'usagePlan', context: limits.context, usagePlanId: limits.id }}
          what={`each key of ${limits.name}`}
          now={limits.throttle}
          close={() => setLimits(null)}
        />
      )}
      {quota && <QuotaModal plan={quota} close={() => setQuota(null)} />}
    </SpaceBetween>
  );
}
