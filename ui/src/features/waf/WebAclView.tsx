import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';

import type { LoggingState, WebAclDetail } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { EmptyState, ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { RequestsTab } from './RequestsTab';
import { RoutesTab } from './RoutesTab';
import { RulePanel } from './RulePanel';
import { RulesTable } from './RulesTable';
import { STATES, Status, number, stageWords } from './words';
import './waf.css';

function logging(state: LoggingState): string {
  if (state.kind === 'unknown') return 'could not be read';
  if (state.kind === 'off') return 'nowhere';
  const without = state.redacted.length > 0 ? `, without ${state.redacted.join(', ')}` : ', with everything in it';
  return `${state.destinations.join(', ')}${without}${state.filtered ? '; a filter keeps only some requests' : ''}`;
}

function Summary({ detail }: { detail: WebAclDetail }) {
  const { line, acl } = detail;
  const stages = stageWords(line);
  return (
    <KeyValuePairs
      columns={3}
      items={[
        { label: 'Does', value: <Status of={STATES[line.state]} /> },
        { label: 'What no rule ends', value: line.defaultAction ?? 'not read' },
        {
          label: 'Capacity',
          value: typeof line.capacity === 'number' ? `${number(line.capacity)} of 1,500 without extra cost, 5,000 at most` : 'not read',
        },
        {
          label: 'Stands before',
          value:
            line.scope === 'CLOUDFRONT' ? (
              'CloudFront distributions; which is not read here'
            ) : (
              <Foreign text={stages || 'no stage that was read'} />
            ),
        },
        { label: 'Logged', value: <Foreign text={logging(line.logging)} /> },
        { label: 'Labels begin with', value: <Foreign text={acl?.labelNamespace || '–'} /> },
      ]}
    />
  );
}

/** One web ACL: its rules in order and in words, what it counted, the routes behind it. */
export function WebAclView({ context, name }: { context: string; name: string }) {
  const search = useSearch({ from: '/waf' });
  const navigate = useNavigate({ from: '/waf' });
  const frame = useFrame();
  const query = useOperation('web_acl_get', { context, webAcl: name, afresh: false });
  const detail = query.data;
  const rule = detail?.acl?.rules.find(one => one.name === search.rule);
  useEffect(() => {
    frame.setPanel(rule && detail ? <RulePanel key={rule.name} rule={rule} line={detail.line} sets={detail.sets} /> : null);
    return () => frame.setPanel(null);
  }, [rule, detail, frame]);
  const back = (
    <Button iconName="angle-left" onClick={() => void navigate({ search: {} })}>
      All web ACLs
    </Button>
  );
  if (query.error)
    return (
      <SpaceBetween size="m">
        {back}
        <ErrorAlert error={query.error} retry={() => void query.refetch()} />
      </SpaceBetween>
    );
  if (!detail) return <StatusIndicator type="loading">Reading the web ACL</StatusIndicator>;
  const { line, acl } = detail;
  const at = { context, acl: name };
  const tab = search.tab ?? 'rules';
  return (
    <SpaceBetween size="l">
      <GapsAlert coverage={detail.coverage} />
      {line.notEditable && (
        <Alert type="info" header="Not changed here">
          <Foreign text={line.notEditable} />
        </Alert>
      )}
      <Container
        header={
          <Header
            variant="h1"
            actions={back}
            description={`${visible(line.description || 'No description')}. Read ${ageOf(detail.readAt, Date.now())} in ${visible(line.context)}.`}
          >
            <Foreign text={line.name} />
          </Header>
        }
      >
        <Summary detail={detail} />
      </Container>
      {acl ? (
        <SpaceBetween size="m">
          <SegmentedControl
            label="About the web ACL"
            selectedId={tab}
            onChange={({ detail: chosen }) =>
              void navigate({
                search: { ...at, tab: chosen.selectedId === 'requests' || chosen.selectedId === 'routes' ? chosen.selectedId : undefined },
              })
            }
            options={[
              { id: 'rules', text: `Rules (${acl.rules.length})` },
              { id: 'requests', text: 'Requests' },
              { id: 'routes', text: `Routes (${detail.routeCount})` },
            ]}
          />
          {tab === 'rules' && <RulesTable acl={acl} open={chosen => void navigate({ search: { ...at, rule: chosen } })} />}
          {tab === 'requests' && <RequestsTab context={line.context} arn={line.arn} />}
          {tab === 'routes' && <RoutesTab detail={detail} />}
        </SpaceBetween>
      ) : (
        <EmptyState title="Its rules could not be read">What it does is not known.</EmptyState>
      )}
    </SpaceBetween>
  );
}
