import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';

import type { Rule, WafSet } from '../../api/bindings';
import { Foreign, visible } from '../../shared/text';
import { EFFECTS, Status, number } from './words';

/** What stands in an ARN of WAF: `…/ipset/office/1` is the IP set `office`. */
function partOf(arn: string): { kind: string; name: string } {
  const [, kind, name] = arn.split(':').slice(5).join(':').split('/');
  return { kind: kind ?? '', name: name ?? arn };
}

/** The rules of the account's own group, with what each does here. */
export function Inside({ rule }: { rule: Rule }) {
  const group = rule.refersTo.find(arn => partOf(arn).kind === 'rulegroup');
  if (!group) return null;
  if (rule.inside.length === 0) {
    return (
      <div>
        <Box variant="h3">Rules of the group</Box>
        {rule.effect === 'group-stops-nothing' ? (
          'The group has no rules.'
        ) : (
          <StatusIndicator type="pending">What is in it could not be read</StatusIndicator>
        )}
      </div>
    );
  }
  return (
    <Table
      variant="embedded"
      wrapLines
      data-testid="rules-inside"
      header={<Box variant="h3">Rules of the group</Box>}
      ariaLabels={{ tableLabel: 'Rules of the group, first looked at first' }}
      items={rule.inside}
      columnDefinitions={[
        {
          id: 'rule',
          header: 'Rule',
          isRowHeader: true,
          cell: one => (
            <>
              <Foreign text={one.name} />
              <Box variant="small" display="block" color="text-body-secondary">
                <Foreign text={one.sentence} />
              </Box>
            </>
          ),
        },
        { id: 'effect', header: 'Does here', width: 150, cell: one => <Status of={EFFECTS[one.effect]} /> },
      ]}
    />
  );
}

/** The IP sets and pattern sets that a rule refers to, with what is in them. */
export function Sets({ rule, sets }: { rule: Rule; sets: WafSet[] }) {
  const arns = [rule, ...rule.inside].flatMap(one => one.refersTo).filter(arn => partOf(arn).kind !== 'rulegroup');
  if (arns.length === 0) return null;
  return (
    <SpaceBetween size="xs">
      <Box variant="h3">Sets</Box>
      {[...new Set(arns)].map(arn => {
        const set = sets.find(one => one.arn === arn);
        return set ? <SetOf key={arn} set={set} /> : <Unread key={arn} name={partOf(arn).name} />;
      })}
    </SpaceBetween>
  );
}

function Unread({ name }: { name: string }) {
  return (
    <StatusIndicator type="pending">
      What is in <Foreign text={name} /> could not be read
    </StatusIndicator>
  );
}

function SetOf({ set }: { set: WafSet }) {
  const addresses = set.kind === 'ip-set';
  const noun = addresses ? 'address range' : 'pattern';
  const count = set.entries.length;
  const told = count === 0 ? 'empty: it matches nothing' : `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
  const version = set.version ? `, ${set.version === 'IPV6' ? 'IPv6' : 'IPv4'}` : '';
  return (
    <div data-testid="waf-set">
      <ExpandableSection
        variant="footer"
        headerText={`${addresses ? 'IP set' : 'Pattern set'} ${visible(set.name)}: ${told}${version}`}
        headerDescription={visible(set.description)}
      >
        <pre className="waf-json waf-entries" tabIndex={0} aria-label={`What is in ${visible(set.name)}`}>
          {set.entries.map(entry => visible(entry)).join('\n')}
        </pre>
      </ExpandableSection>
    </div>
  );
}
