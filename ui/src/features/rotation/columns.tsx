import Box from '@cloudscape-design/components/box';
import type { TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';

import type { RotationRow } from '../../api/bindings';
import { Foreign } from '../../shared/text';
import { RotationWords, lastUse } from './words';

function Small({ children }: { children: ReactNode }) {
  return (
    <Box variant="small" display="block">
      {children}
    </Box>
  );
}

function due(row: RotationRow): ReactNode {
  if (!row.dueOn || typeof row.dueInDays !== 'number') return '–';
  const late = row.dueInDays < 0 ? `${-row.dueInDays} days late` : `in ${row.dueInDays} days`;
  return (
    <>
      {row.dueOn}
      <Small>{late}</Small>
    </>
  );
}

/** What the worklist shows of a key; `actions` is what can be done about it. */
export function columns(actions: (row: RotationRow) => ReactNode): TableProps.ColumnDefinition<RotationRow>[] {
  return [
    {
      id: 'state',
      header: 'State',
      minWidth: 210,
      cell: row => (
        <>
          <RotationWords state={row.state} />
          {(row.problem ? [row.problem] : row.held).map(said => (
            <Small key={said}>
              <Foreign text={said} />
            </Small>
          ))}
        </>
      ),
    },
    {
      id: 'key',
      header: 'Tenant, key',
      isRowHeader: true,
      minWidth: 200,
      cell: row => (
        <>
          <Foreign text={row.tenant} />
          <Small>
            <Foreign text={`${row.keyName} (${row.keyId})`} />
          </Small>
          {row.newKey && (
            <Small>
              new: <Foreign text={`${row.newKey.name} (${row.newKey.id})`} />
            </Small>
          )}
        </>
      ),
    },
    { id: 'age', header: 'Age', width: 105, cell: row => (typeof row.ageDays === 'number' ? `${row.ageDays} days` : '–') },
    { id: 'due', header: 'Due', width: 125, cell: due },
    {
      id: 'used',
      header: 'Last used',
      width: 150,
      cell: row => (
        <>
          {lastUse(row.lastUse)}
          {row.newKey && <Small>new: {lastUse(row.newKey.lastUse)}</Small>}
        </>
      ),
    },
    {
      id: 'plans',
      header: 'Usage plans',
      minWidth: 140,
      cell: row => <Foreign text={row.plans ? row.plans.join(', ') || 'none' : 'not read'} />,
    },
    { id: 'actions', header: 'Next', minWidth: 190, cell: actions },
  ];
}
