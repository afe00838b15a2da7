import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { useOperation } from '../../api/queries';
import { ErrorAlert, ageOf } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { requestOf } from '../timeline/search';
import { eventKey } from '../timeline/words';

const LATEST = 5;

/** What changed last, by CloudTrail, and what of it was changed with this console, by the journal. */
export function LatestChanges({ now }: { now: number }) {
  return (
    <ColumnLayout columns={2} minColumnWidth={420}>
      <FromCloudTrail now={now} />
      <FromJournal now={now} />
    </ColumnLayout>
  );
}

function FromCloudTrail({ now }: { now: number }) {
  const navigate = useNavigate();
  const [asked] = useState(() => ({ ...requestOf({}, Date.now()), limit: LATEST }));
  const answer = useOperation('event_list', asked);
  const list = answer.data;
  const unread = list?.covered.filter(covered => covered.intervals.length === 0) ?? [];
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={list ? `(${list.total})` : ''}
          description="Of the last week, by CloudTrail"
          actions={<Button onClick={() => void navigate({ to: '/changes', search: {} })}>Open the changes</Button>}
        >
          Latest changes
        </Header>
      }
    >
      {answer.error && !list ? (
        <ErrorAlert error={answer.error} retry={() => void answer.refetch()} />
      ) : (
        <>
          {unread.length > 0 && (
            <StatusIndicator type="pending">
              {unread.length === list?.covered.length
                ? 'CloudTrail was not read yet'
                : unread.length === 1
                  ? 'One source was not read yet'
                  : `${unread.length} sources were not read yet`}
            </StatusIndicator>
          )}
          {list && list.items.length === 0 && unread.length === 0 && <Box color="text-body-secondary">Nothing changed.</Box>}
          <ul className="overview-worst" data-testid="latest-changes">
            {list?.items.map(event => (
              <li key={eventKey(event)}>
                <Foreign text={event.what} /> {event.root && <Badge color="red">root</Badge>}
                <div className="overview-second">
                  {ageOf(event.at, now)}, <Foreign text={event.who} />
                  {event.journalEntry ? ', with this console' : ''}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </Container>
  );
}

function FromJournal({ now }: { now: number }) {
  const answer = useOperation('journal_list', { text: '', offset: 0, limit: LATEST });
  const navigate = useNavigate();
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={answer.data ? `(${answer.data.total})` : ''}
          description="Each can be looked at and undone"
          actions={<Button onClick={() => void navigate({ to: '/journal' })}>Open the journal</Button>}
        >
          Made with this console
        </Header>
      }
    >
      {answer.error && !answer.data ? (
        <ErrorAlert error={answer.error} retry={() => void answer.refetch()} />
      ) : (answer.data?.lines.length ?? 0) === 0 ? (
        <Box color="text-body-secondary">Nothing was changed with this console yet.</Box>
      ) : (
        <ul className="overview-worst">
          {answer.data?.lines.map(line => (
            <li key={line.id}>
              <Foreign text={line.title} />
              <div className="overview-second">
                {ageOf(line.openedAt, now)}, {line.state}, <Foreign text={line.contexts.join(', ')} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Container>
  );
}
