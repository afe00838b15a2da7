import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useNavigate } from '@tanstack/react-router';

import type { TenantChange, TenantChanges } from '../../api/bindings';
import { useNow } from '../../shared/now';
import { ageOf } from '../../shared/states';
import { Foreign } from '../../shared/text';

function Change({ change }: { change: TenantChange }) {
  const navigate = useNavigate();
  const now = useNow();
  const { journalEntry: entry, eventId } = change;
  const open = () => {
    if (entry) void navigate({ to: '/journal', search: { entry } });
    else if (eventId) void navigate({ to: '/changes', search: { ask: 'around', moment: change.at, minutes: 1 } });
  };
  return (
    <li>
      <Link onFollow={open}>
        <Foreign text={change.what} />
      </Link>{' '}
      {!change.done && <StatusIndicator type="stopped">not done</StatusIndicator>}
      <Box variant="small" display="block">
        <span title={change.at}>{ageOf(change.at, now)}</span>, <Foreign text={change.who} />
        {change.reason !== '' && (
          <>
            : <Foreign text={change.reason} />
          </>
        )}
      </Box>
    </li>
  );
}

/** What was changed of a tenant's keys and plans: the journal's, and what CloudTrail has of changes made elsewhere. */
export function Changes({ changes }: { changes: TenantChanges }) {
  const navigate = useNavigate();
  const days = Math.round((Date.parse(changes.interval.to) - Date.parse(changes.interval.from)) / 86_400_000);
  return (
    <Container
      header={
        <Header variant="h3" counter={`(${changes.total})`} description={`Of their keys and plans, in the last ${days} days`}>
          Recent changes
        </Header>
      }
    >
      <div data-testid="tenant-changes">
        <SpaceBetween size="s">
          {changes.unread.map(said => (
            <StatusIndicator key={said} type="warning">
              <Foreign text={said} />
            </StatusIndicator>
          ))}
          {changes.items.length === 0 && changes.unread.length === 0 && <Box color="text-body-secondary">None that is known of.</Box>}
          {changes.items.length > 0 && (
            <ul>
              {changes.items.map(change => (
                <Change key={change.journalEntry ?? change.eventId ?? change.at} change={change} />
              ))}
            </ul>
          )}
          {changes.total > changes.items.length && <Box>and {changes.total - changes.items.length} more</Box>}
          {changes.holes.length > 0 && (
            <Box variant="small">
              Changes that were made elsewhere are not known for all of that time.{' '}
              <Link variant="secondary" onFollow={() => void navigate({ to: '/changes', search: { hours: days * 24 } })}>
                Fetch them from CloudTrail
              </Link>
            </Box>
          )}
        </SpaceBetween>
      </div>
    </Container>
  );
}
