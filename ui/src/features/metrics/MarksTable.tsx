import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { useNavigate } from '@tanstack/react-router';

import type { MarkKind, MetricMark } from '../../api/bindings';
import { EmptyState } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { MARK_COLORS } from './MetricChartView';

const KINDS: Record<MarkKind, string> = { deployment: 'Deployment', change: 'Configuration', alarm: 'Alarm' };

export const markKey = (mark: MetricMark) => `${mark.at} ${mark.kind} ${mark.what}`;

function Where({ mark, context }: { mark: MetricMark; context: string }) {
  const navigate = useNavigate();
  const { journalEntry, alarm } = mark;
  if (journalEntry) return <Link onFollow={() => void navigate({ to: '/journal', search: { entry: journalEntry } })}>Journal</Link>;
  if (alarm)
    return <Link onFollow={() => void navigate({ to: '/alarms', search: { alarm: `${context}/${alarm}`, text: alarm } })}>Alarm</Link>;
  return <Link onFollow={() => void navigate({ to: '/changes' })}>Changes</Link>;
}

interface Props {
  marks: MetricMark[];
  context: string;
  pointed: MetricMark | null;
  point: (mark: MetricMark | null) => void;
}

/** What happened in the time of the charts, the latest first; choosing a line brings it out in every chart. */
export function MarksTable({ marks, context, pointed, point }: Props) {
  return (
    <Table
      variant="container"
      wrapLines
      data-testid="marks"
      selectionType="single"
      selectedItems={pointed ? [pointed] : []}
      onSelectionChange={({ detail }) => point(detail.selectedItems[0] ?? null)}
      header={
        <Header
          variant="h2"
          counter={`(${marks.length})`}
          description="Each is a line in the charts. What changed before it broke is to the left of it."
        >
          Meanwhile
        </Header>
      }
      ariaLabels={{
        tableLabel: 'What happened meanwhile',
        selectionGroupLabel: 'Marks',
        itemSelectionLabel: (_, mark) => mark.what,
      }}
      trackBy={markKey}
      items={[...marks].reverse()}
      empty={<EmptyState title="Nothing is known to have happened">No deployment, no change of configuration, no alarm.</EmptyState>}
      columnDefinitions={[
        {
          id: 'at',
          header: 'When',
          width: 180,
          cell: mark => momentOf(mark.at),
        },
        {
          id: 'kind',
          header: 'Kind',
          width: 150,
          cell: mark => (
            <>
              <span className="metrics-mark" style={{ background: MARK_COLORS[mark.kind] }} aria-hidden />
              {KINDS[mark.kind]}
            </>
          ),
        },
        { id: 'what', header: 'What', isRowHeader: true, minWidth: 320, cell: mark => <Foreign text={mark.what} /> },
        {
          id: 'who',
          header: 'Who',
          cell: mark => (mark.who ? <Foreign text={mark.who} /> : <Box color="text-body-secondary">–</Box>),
        },
        { id: 'where', header: 'More', width: 110, cell: mark => <Where mark={mark} context={context} /> },
      ]}
    />
  );
}
