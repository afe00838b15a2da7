import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';

import type { Rule, WebAcl } from '../../api/bindings';
import { EmptyState } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { Pages } from '../../shared/Pages';
import { EFFECTS, Status } from './words';

const PAGE = 50;

function matches(rule: Rule, text: string): boolean {
  const all = `${rule.name} ${rule.sentence} ${EFFECTS[rule.effect].text} ${rule.labelsAdded.join(' ')}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => all.includes(word));
}

/** Rules in the order in which WAF looks at them. */
export function RulesTable({ acl, open }: { acl: WebAcl; open: (rule: string) => void }) {
  const [text, setText] = useState('');
  const [page, setPage] = useState(1);
  const found = acl.rules.filter(rule => matches(rule, text));
  return (
    <Table
      variant="embedded"
      wrapLines
      data-testid="waf-rules"
      ariaLabels={{ tableLabel: 'Rules, first looked at first' }}
      filter={
        acl.rules.length > 10 ? (
          <div data-testid="waf-rules-filter">
            <TextFilter
              filteringText={text}
              filteringPlaceholder="Name, words, what it does"
              filteringAriaLabel="Find rules"
              countText={`${found.length} of ${acl.rules.length}`}
              onChange={({ detail }) => {
                setText(detail.filteringText);
                setPage(1);
              }}
            />
          </div>
        ) : undefined
      }
      pagination={<Pages page={page} items={found.length} size={PAGE} go={setPage} />}
      items={found.slice((page - 1) * PAGE, page * PAGE)}
      empty={
        text === '' ? (
          <EmptyState title="No rules">Everything gets what the default says.</EmptyState>
        ) : (
          <EmptyState title="No rule matches" />
        )
      }
      columnDefinitions={[
        {
          id: 'priority',
          header: 'Order',
          width: 80,
          cell: rule => (rule.fromFirewallManager ? <Badge>Firewall Manager</Badge> : rule.priority),
        },
        {
          id: 'name',
          header: 'Rule',
          isRowHeader: true,
          minWidth: 180,
          cell: rule => (
            <Link onFollow={() => open(rule.name)}>
              <Foreign text={rule.name} />
            </Link>
          ),
        },
        { id: 'effect', header: 'Does', minWidth: 150, cell: rule => <Status of={EFFECTS[rule.effect]} /> },
        {
          id: 'sentence',
          header: 'In words',
          minWidth: 320,
          cell: rule => (
            <>
              <Foreign text={rule.sentence} />
              {!rule.known && (
                <Box variant="small" display="block" color="text-status-warning">
                  Not all of it is known to this program; AWS's JSON is in the panel.
                </Box>
              )}
            </>
          ),
        },
      ]}
    />
  );
}
