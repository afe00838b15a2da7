import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Table from '@cloudscape-design/components/table';

import type { ChangeEvent } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { PANEL_WORDS } from '../../shared/panelWords';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { EventOutcomeWords } from './EventOutcomeWords';
import type { TimelineSearch } from './search';
import { CLIENTS } from './words';

interface Props {
  event: ChangeEvent;
  openEntry(entry: string): void;
  /** Asks the timeline something else. */
  ask(asked: TimelineSearch): void;
}

/** Everything about one change: before and after, who and where from, and CloudTrail's own record. */
export function EventPanel({ event, openEntry, ask }: Props) {
  const record = useOperation('event_get', { context: event.context, id: event.id, at: event.at });
  const journalEntry = event.journalEntry ?? null;
  return (
    <SplitPanel header={visible(event.what)} i18nStrings={PANEL_WORDS} hidePreferencesButton>
      <SpaceBetween size="l">
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'Who', value: <Foreign text={event.who} /> },
            { label: 'Outcome', value: <EventOutcomeWords event={event} /> },
            { label: 'When', value: momentOf(event.at, { timeStyle: 'medium' }) },
            { label: 'With', value: CLIENTS[event.client] },
            { label: 'From', value: <Foreign text={event.sourceIp || '–'} /> },
            {
              label: 'Made',
              value:
                journalEntry === null ? (
                  'elsewhere: not in this journal'
                ) : (
                  <Link onFollow={() => openEntry(journalEntry)}>with this console, entry {journalEntry}</Link>
                ),
            },
            { label: 'Principal', value: <Foreign text={event.principal || '–'} /> },
            { label: 'Account and region', value: <Foreign text={`${event.account || 'not known'} ${event.region}`} /> },
            { label: 'Request id', value: <Foreign text={event.requestId ?? '–'} /> },
          ]}
        />
        {event.error && <Foreign text={event.error} />}
        {!event.whole && <Alert type="info">CloudTrail's record is cut off: what stood in the rest of it is not known.</Alert>}
        <SpaceBetween direction="horizontal" size="m">
          {event.principal !== '' && (
            <Link onFollow={() => ask({ ask: 'principal', principals: [event.principal] })}>What else did they do?</Link>
          )}
          <Link onFollow={() => ask({ ask: 'around', moment: event.at, minutes: 60 })}>What changed around it?</Link>
        </SpaceBetween>
        {event.patches.length > 0 && (
          <Table
            variant="embedded"
            wrapLines
            header={<Box variant="h3">What it set</Box>}
            items={event.patches}
            columnDefinitions={[
              { id: 'what', header: 'What', cell: patch => <Foreign text={patch.label} />, isRowHeader: true },
              { id: 'before', header: 'Before', cell: patch => <Foreign text={patch.before ?? 'not known'} /> },
              { id: 'after', header: 'After', cell: patch => <Foreign text={patch.after ?? 'removed'} /> },
            ]}
          />
        )}
        <div>
          <Box variant="h3">CloudTrail's record</Box>
          {record.error ? (
            <ErrorAlert error={record.error} retry={() => void record.refetch()} />
          ) : (
            <pre data-testid="event-record" className="timeline-record" tabIndex={0} aria-label="CloudTrail's record">
              {(record.data?.record ?? 'Reading…')
                .split('\n')
                .map(line => visible(line))
                .join('\n')}
            </pre>
          )}
        </div>
      </SpaceBetween>
    </SplitPanel>
  );
}
