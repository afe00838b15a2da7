import Link from '@cloudscape-design/components/link';

import type { Finding, FindingLine } from '../../api/bindings';
import { Foreign } from '../../shared/text';
import { SEVERITY_WORDS, SeverityBadge, StateMark, othersOf, placeOf } from './words';

interface Props {
  /** Undefined while the first page loads. */
  lines: FindingLine[] | undefined;
  open: string | undefined;
  onOpen(id: string): void;
  onToggle(key: string): void;
}

/** One page of findings under their groups' headers. */
export function FindingsTable({ lines, open, onOpen, onToggle }: Props) {
  return (
    <div className="findings-scroll">
      <table className="findings-table" aria-label="Findings" aria-busy={lines === undefined}>
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">What</th>
            <th scope="col">Where</th>
            <th scope="col">Audience</th>
            <th scope="col">What is the case</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {lines === undefined && (
            <tr>
              <td colSpan={6}>Judging…</td>
            </tr>
          )}
          {lines?.map(line =>
            line.line === 'group' ? (
              <Group key={`group ${line.group.key}`} line={line} onToggle={onToggle} />
            ) : (
              <Row
                key={`${line.finding.context} ${line.finding.id}`}
                finding={line.finding}
                open={open === line.finding.id}
                onOpen={onOpen}
              />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Group({ line, onToggle }: { line: Extract<FindingLine, { line: 'group' }>; onToggle(key: string): void }) {
  const { group, collapsed } = line;
  const counts = group.severities.map(([severity, count]) => `${count} ${SEVERITY_WORDS[severity].toLowerCase()}`);
  if (group.unknown > 0) counts.push(`${group.unknown} not known`);
  return (
    <tr className="findings-group">
      <th scope="rowgroup" colSpan={6}>
        <button type="button" aria-expanded={!collapsed} onClick={() => onToggle(group.key)}>
          <span aria-hidden>{collapsed ? '▸' : '▾'}</span> <Foreign text={group.label} />{' '}
          <span className="findings-count">({group.count})</span>
        </button>
        <span className="findings-counts">{counts.join(', ')}</span>
      </th>
    </tr>
  );
}

function Row({ finding, open, onOpen }: { finding: Finding; open: boolean; onOpen(id: string): void }) {
  return (
    // The link inside is how the keyboard opens it; the row is a larger target for the pointer.
    <tr className={open ? 'findings-row findings-open' : 'findings-row'} aria-selected={open} onClick={() => onOpen(finding.id)}>
      <td>{finding.verdict === 'fail' ? <SeverityBadge severity={finding.severity} /> : '–'}</td>
      <td>
        <Link
          onFollow={event => {
            event.preventDefault();
            onOpen(finding.id);
          }}
          href={`#/findings?finding=${encodeURIComponent(finding.id)}`}
        >
          <Foreign text={finding.resource.label} />
        </Link>
        <div className="findings-second">
          {finding.control} {finding.title}
        </div>
      </td>
      <td>
        <Foreign text={placeOf(finding)} />
        <div className="findings-second">{othersOf(finding)}</div>
      </td>
      <td>{finding.audience.audience}</td>
      <td className="findings-actual">
        <Foreign text={finding.actual} />
      </td>
      <td>
        <StateMark finding={finding} />
      </td>
    </tr>
  );
}
