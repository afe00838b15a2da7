import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Table from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { Plan, Rule, StatementNode, WafSet, WebAclLine } from '../../api/bindings';
import { host } from '../../api/client';
import { PANEL_WORDS } from '../../shared/panelWords';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';
import { Inside, Sets } from './Contents';
import { RateModal } from './RateModal';
import { Samples } from './Samples';
import { EFFECTS, Status, switchOf } from './words';

/** Lines of AWS's JSON, whatever is in them. */
export function jsonText(json: string): string {
  return json
    .split('\n')
    .map(line => visible(line))
    .join('\n');
}

function Tree({ node }: { node: StatementNode }) {
  return (
    <li>
      <Foreign text={node.words} />
      {node.json && <pre className="waf-json">{jsonText(node.json)}</pre>}
      {node.children.length > 0 && (
        <ul className="waf-tree">
          {node.children.map((child, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- statements have no id and never move
            <Tree key={at} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Facts({ rule }: { rule: Rule }) {
  const list = (all: string[]) => (all.length > 0 ? <Foreign text={all.join(', ')} /> : '–');
  return (
    <KeyValuePairs
      columns={2}
      items={[
        { label: 'Does', value: <Status of={EFFECTS[rule.effect]} /> },
        { label: 'Order', value: rule.priority },
        { label: 'Sets labels', value: list(rule.labelsAdded) },
        { label: 'Needs labels', value: list(rule.labelsNeeded) },
        ...(rule.group
          ? [
              { label: 'Rule group', value: <Foreign text={rule.group} /> },
              // The account's own groups have no versions.
              ...(!rule.refersTo.some(arn => arn.includes('/rulegroup/'))
                ? [{ label: 'Version', value: <Foreign text={rule.version ?? 'the default, which moves'} /> }]
                : []),
            ]
          : []),
        { label: 'Metrics', value: <Foreign text={rule.metricsEnabled ? (rule.metricName ?? '–') : 'off'} /> },
        { label: 'Samples', value: rule.samplesEnabled ? 'on' : 'off' },
      ]}
    />
  );
}

/** One rule: its condition as a tree, what it really does, and the two things that are changed here. */
export function RulePanel({ rule, line, sets }: { rule: Rule; line: WebAclLine; sets: WafSet[] }) {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [rating, setRating] = useState(false);
  const to = switchOf(rule);
  const place = { context: line.context, webAcl: line.arn, rule: rule.name };
  const set = useMutation({
    mutationFn: (action: 'block' | 'count') => host.call('waf_rule_action_set', { ...place, action }),
    onSuccess: setPlan,
  });
  const editable = !line.notEditable;
  return (
    <SplitPanel header={visible(rule.name)} i18nStrings={PANEL_WORDS} hidePreferencesButton closeBehavior="hide">
      <div data-testid="rule-panel">
        <SpaceBetween size="m">
          {editable && (to !== null || rule.rate) && (
            <SpaceBetween direction="horizontal" size="xs">
              {to !== null && (
                <Button loading={set.isPending} onClick={() => set.mutate(to)}>
                  {to === 'count' ? 'Only count' : rule.group ? 'Let its rules block' : 'Block'}
                </Button>
              )}
              {rule.rate && !rule.fromFirewallManager && <Button onClick={() => setRating(true)}>Change rate</Button>}
            </SpaceBetween>
          )}
          {set.error && <ErrorAlert error={set.error} />}
          <Box variant="p">
            <Foreign text={rule.sentence} />
          </Box>
          {rule.effect === 'allow' && <Alert type="info">Requests that it allows are not looked at by any later rule.</Alert>}
          {!rule.known && (
            <Alert type="warning">This program does not know all of this rule. It is kept as it is when the web ACL is changed.</Alert>
          )}
          <Facts rule={rule} />
          <div>
            <Box variant="h3">Condition</Box>
            <ul className="waf-tree" data-testid="rule-tree">
              <Tree node={rule.tree} />
            </ul>
          </div>
          <Inside rule={rule} />
          <Sets rule={rule} sets={sets} />
          {rule.overrides.length > 0 && (
            <Table
              variant="embedded"
              header={<Box variant="h3">Rules of the group that do something else</Box>}
              ariaLabels={{ tableLabel: 'Overrides' }}
              items={rule.overrides}
              footer="AWS ignores a name that the group does not have, without a word."
              columnDefinitions={[
                { id: 'rule', header: 'Rule of the group', isRowHeader: true, cell: one => <Foreign text={one.rule} /> },
                { id: 'action', header: 'Does', cell: one => <Foreign text={one.action} /> },
              ]}
            />
          )}
          {rule.samplesEnabled && <Samples place={place} />}
          <ExpandableSection headerText="AWS's JSON" variant="footer">
            <pre className="waf-json" tabIndex={0} aria-label="AWS's JSON of the rule">
              {jsonText(rule.json)}
            </pre>
          </ExpandableSection>
          <Box variant="small" color="text-body-secondary">
            Only block or count, and a rate's number and window, are changed here. For everything else use the AWS console or the aws
            command.
          </Box>
        </SpaceBetween>
      </div>
      {rating && rule.rate && <RateModal place={place} rate={rule.rate} close={() => setRating(false)} />}
      {plan && <PlanDialog plan={plan} close={() => setPlan(null)} />}
    </SplitPanel>
  );
}
