import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';

import type { ContextInventoryStatus, Coverage } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { useAttempt } from '../../shared/attempt';
import { useNow } from '../../shared/now';
import { ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { visible } from '../../shared/text';

function sum(counts: { [key in string]: number }): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function Reading({ status }: { status: ContextInventoryStatus }) {
  const { apisDone, apisTotal, budget } = status;
  const share = apisTotal ? (apisDone / apisTotal) * 100 : 0;
  const waiting = budget && budget.waiting > 0 ? `, ${budget.waiting} calls wait for the budget of ${budget.rate} a second` : '';
  return (
    <ProgressBar
      value={share}
      label={`Reading ${status.context}`}
      additionalInfo={`${apisTotal === null || apisTotal === undefined ? 'listing APIs' : `${apisDone} of ${apisTotal} APIs`}, ${sum(status.calls)} calls${waiting}`}
    />
  );
}

const ENDED = { success: '', stopped: 'Stopped before the end. ', error: 'Reading failed. ' };

/** Accounts and regions of several that brought nothing at all: more than a gap, and named as such. */
function unreadWords(contexts: ContextInventoryStatus[]): string | undefined {
  const unread = contexts.filter(context => context.phase !== 'reading' && context.routes === 0 && context.coverage.gaps.length > 0);
  if (contexts.length < 2 || unread.length === 0) return undefined;
  return `${unread.length} of ${contexts.length} contexts could not be read: ${unread.map(context => visible(context.context)).join(', ')}`;
}

/** How far reading is, how old what is shown is, and what is missing. */
export function InventoryBar() {
  const query = useOperation('inventory_status', {});
  const attempt = useAttempt();
  const now = useNow();
  const contexts = query.data?.contexts ?? [];
  const reading = contexts.filter(context => context.phase === 'reading');
  const gaps = contexts.flatMap(context => context.coverage.gaps);
  const coverage: Coverage = { complete: gaps.length === 0, gaps };
  const oldest = contexts.flatMap(context => (context.readAt ? [context.readAt] : [])).sort()[0];
  const snapshot = contexts.some(context => context.fromSnapshot);
  const ended = contexts.some(context => context.phase === 'failed')
    ? 'error'
    : contexts.some(context => context.phase === 'cancelled')
      ? 'stopped'
      : undefined;
  return (
    <SpaceBetween size="xs">
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <span data-testid="age">
            {reading.length > 0 ? (
              <StatusIndicator type="in-progress">
                {snapshot && oldest ? `Refreshing; shown from the last snapshot, ${ageOf(oldest, now)}` : 'Reading'}
              </StatusIndicator>
            ) : (
              (oldest || ended) && (
                <StatusIndicator type={ended ?? (gaps.length > 0 ? 'warning' : 'success')}>
                  {ENDED[ended ?? 'success']}
                  {snapshot && oldest
                    ? `From the last snapshot, ${ageOf(oldest, now)}`
                    : `${oldest ? `Read ${ageOf(oldest, now)}` : 'Nothing was read yet'}, ${contexts.reduce((total, context) => total + sum(context.calls), 0)} calls`}
                </StatusIndicator>
              )
            )}
          </span>
          {reading.length > 0 ? (
            <Button onClick={() => attempt(() => host.call('inventory_cancel', {}))}>Stop</Button>
          ) : (
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => attempt(() => host.call('inventory_refresh', {}))} />
          )}
        </SpaceBetween>
      </Box>
      {query.error && <ErrorAlert error={query.error} retry={() => void query.refetch()} />}
      {reading.map(status => (
        <Reading key={status.context} status={status} />
      ))}
      {query.data?.notices.map(notice => (
        <ErrorAlert key={notice.message} error={notice} />
      ))}
      <GapsAlert coverage={coverage} heading={unreadWords(contexts)} />
    </SpaceBetween>
  );
}
