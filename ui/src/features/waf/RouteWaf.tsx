import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { WebAclForRoute } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { EFFECTS, MEETINGS, Status, VERDICTS } from './words';

function Found({ found }: { found: WebAclForRoute }) {
  const navigate = useNavigate();
  const { cover, arn, name, context } = found;
  const unread = found.coverage.gaps.filter(gap => gap.service === 'wafv2' && gap.context === context);
  return (
    <SpaceBetween size="s">
      <GapsAlert coverage={{ complete: unread.length === 0, gaps: unread }} />
      <div data-testid="route-waf">
        <Status of={VERDICTS[cover.verdict]} /> <Foreign text={cover.sentence} />
      </div>
      {arn && name && (
        <Link onFollow={() => void navigate({ to: '/waf', search: { context, acl: arn } })}>
          Open <Foreign text={name} />
        </Link>
      )}
      {found.addresses.length > 0 && (
        <Box variant="small" color="text-body-secondary">
          WAF sees <Foreign text={found.addresses.join(', ')} />
        </Box>
      )}
      {cover.rules.length > 0 && (
        <Table
          variant="embedded"
          wrapLines
          ariaLabels={{ tableLabel: 'Rules of the web ACL and this route' }}
          items={cover.rules}
          columnDefinitions={[
            {
              id: 'rule',
              header: 'Rule',
              isRowHeader: true,
              minWidth: 150,
              cell: rule => (
                <Link onFollow={() => void navigate({ to: '/waf', search: { context, acl: arn ?? '', rule: rule.rule } })}>
                  <Foreign text={rule.rule} />
                </Link>
              ),
            },
            {
              id: 'here',
              header: 'Here',
              minWidth: 130,
              cell: rule => (
                <>
                  <Status of={MEETINGS[rule.canMatch]} />
                  {rule.note && (
                    <Box variant="small" display="block">
                      <Foreign text={rule.note} />
                    </Box>
                  )}
                </>
              ),
            },
            { id: 'does', header: 'Does', minWidth: 130, cell: rule => <Status of={EFFECTS[rule.effect]} /> },
          ]}
        />
      )}
    </SpaceBetween>
  );
}

/** Which web ACL stands before a route and which of its rules can match there; WAF is asked when it is opened. */
export function RouteWaf({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const query = useOperation('web_acl_for_route', { routeId: id }, open);
  return (
    <ExpandableSection headerText="WAF" variant="footer" expanded={open} onChange={({ detail }) => setOpen(detail.expanded)}>
      {query.error && <ErrorAlert error={query.error} retry={() => void query.refetch()} />}
      {open && query.isPending && <Spinner />}
      {query.data && <Found found={query.data} />}
    </ExpandableSection>
  );
}
