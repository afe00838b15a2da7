import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Icon from '@cloudscape-design/components/icon';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';

import type { Limit, ThrottleSelection } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';
import { PlanReplay } from './PlanReplay';

/** A limit in its place. */
export interface LimitRow {
  id: string;
  label: string;
  /** Beside the label, quietly. */
  note?: string;
  limit: Limit;
  binds?: { rate: boolean; burst: boolean };
  /** What a change of it changes; none for what cannot be changed here. */
  selection?: ThrottleSelection;
  /** Whether there is something to take away, so that the next wider limit applies. */
  removable?: boolean;
}

interface Edit {
  row: LimitRow;
  rate: string;
  burst: string;
  remove: boolean;
}

const text = (number: number | null | undefined) => number?.toString() ?? '';
const shown = (number: number | null | undefined) => number?.toLocaleString('en') ?? '–';
const orNull = (typed: string) => (typed.trim() === '' ? null : typed);

interface Props {
  label: string;
  rows: LimitRow[];
  /** What the first column is. */
  header: string;
}

/** Limits that are edited where they stand; what was typed becomes a plan to read before anything is changed. */
export function LimitTable({ label, rows, header }: Props) {
  const [edit, setEdit] = useState<Edit | null>(null);
  const make = useMutation({
    mutationFn: ({ row, rate, burst, remove }: Edit) => {
      if (!row.selection) throw new Error(`${row.label} cannot be changed`);
      const [toRate, toBurst] = remove ? [null, null] : [orNull(rate), orNull(burst)];
      return host.call('throttle_set', { selection: row.selection, rate: toRate, burst: toBurst, remove });
    },
  });
  // Whose pencil had the focus before it was edited: there it goes back to.
  const back = useRef<string | null>(null);
  const leave = () => {
    back.current = edit?.row.id ?? null;
    setEdit(null);
    make.reset();
  };
  const review = (wanted: Edit) => {
    const { limit } = wanted.row;
    const same = wanted.rate.trim() === text(limit.rate) && wanted.burst.trim() === text(limit.burst);
    if (same && !wanted.remove) leave();
    else make.mutate(wanted);
  };
  const wire = make.error ? asWireError(make.error) : undefined;
  const wrong = wire?.code === 'invalid-input' ? wire.message : '';
  const of = (field: string) => (wrong.toLowerCase().startsWith(`a ${field}`) ? wrong : '');
  const mistake = useId();
  const half = (row: LimitRow, which: 'rate' | 'burst', name: string) => {
    if (edit?.row.id !== row.id || edit.remove) {
      return (
        <>
          {shown(row.limit[which])} {row.binds?.[which] && <Badge color="blue">binds</Badge>}
        </>
      );
    }
    return (
      <Input
        value={edit[which]}
        autoFocus={which === 'rate'}
        invalid={of(which) !== ''}
        ariaDescribedby={of(which) === '' ? undefined : mistake}
        ariaLabel={`${name}: ${visible(row.label)}`}
        inputMode={which === 'rate' ? 'decimal' : 'numeric'}
        placeholder="as is"
        onChange={({ detail }) => setEdit({ ...edit, [which]: detail.value })}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') review(edit);
          if (detail.key === 'Escape') leave();
        }}
      />
    );
  };
  const actions = (row: LimitRow) => {
    if (!row.selection) return null;
    if (edit?.row.id === row.id && !edit.remove) {
      return (
        <SpaceBetween direction="horizontal" size="xxs">
          <Button
            iconName="check"
            variant="inline-icon"
            loading={make.isPending}
            ariaLabel={`Review the change of ${visible(row.label)}`}
            onClick={() => review(edit)}
          />
          <Button iconName="close" variant="inline-icon" ariaLabel={`Leave ${visible(row.label)} as it is`} onClick={leave} />
        </SpaceBetween>
      );
    }
    const begin = (remove: boolean): Edit => ({ row, rate: text(row.limit.rate), burst: text(row.limit.burst), remove });
    return (
      <SpaceBetween direction="horizontal" size="xxs">
        <Button
          ref={button => {
            if (!button || back.current !== row.id) return;
            back.current = null;
            button.focus();
          }}
          iconName="edit"
          variant="inline-icon"
          disabled={make.isPending}
          ariaLabel={`Edit ${visible(row.label)}`}
          onClick={() => setEdit(begin(false))}
        />
        {row.removable && (
          <Button
            iconName="remove"
            variant="inline-icon"
            loading={make.isPending && edit?.row.id === row.id}
            disabled={make.isPending}
            ariaLabel={`Remove ${visible(row.label)}`}
            onClick={() => {
              const wanted = begin(true);
              setEdit(wanted);
              review(wanted);
            }}
          />
        )}
      </SpaceBetween>
    );
  };
  return (
    <SpaceBetween size="xs">
      {make.error && !of('rate') && !of('burst') && <ErrorAlert error={make.error} />}
      <Table
        variant="embedded"
        wrapLines
        data-testid="limits"
        ariaLabels={{ tableLabel: label }}
        trackBy="id"
        items={rows}
        columnDefinitions={[
          {
            id: 'label',
            header,
            isRowHeader: true,
            minWidth: 110,
            cell: row => (
              <>
                <Foreign text={row.label} />
                {row.note && (
                  <Box variant="small" display="block">
                    <Foreign text={row.note} />
                  </Box>
                )}
              </>
            ),
          },
          { id: 'rate', header: 'Rate per second', cell: row => half(row, 'rate', 'Requests per second'), width: 105 },
          { id: 'burst', header: 'Burst', cell: row => half(row, 'burst', 'Burst'), width: 95 },
          { id: 'change', header: 'Change', cell: actions, width: 105 },
        ]}
      />
      {(of('rate') || of('burst')) && (
        <div id={mistake} role="alert">
          <Box color="text-status-error">
            <Icon name="status-negative" /> {visible(wrong)}
          </Box>
        </div>
      )}
      {make.data && edit && (
        <PlanDialog plan={make.data} close={leave}>
          {!edit.remove && <PlanReplay plan={make.data} rate={edit.rate} burst={edit.burst} />}
        </PlanDialog>
      )}
    </SpaceBetween>
  );
}
