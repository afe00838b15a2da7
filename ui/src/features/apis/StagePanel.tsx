import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';

import type { Limit, Stage, StageName } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { PANEL_WORDS } from '../../shared/panelWords';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { LimitTable } from '../throttles/LimitTable';
import type { LimitRow } from '../throttles/LimitTable';
import { CopyStageLimits } from '../throttles/StageLimits';

/** AWS's key of every method without an entry of its own. */
const DEFAULT = '*/*';

/** `-1` is AWS's way of writing that nothing is set. */
const isSet = (limit: Limit) => (limit.rate ?? -1) >= 0 || (limit.burst ?? -1) >= 0;

/** `POST /login` -> its halves; a key that is no path (`$default`, `$connect`) has no method. */
function halves(key: string): { method: string; path: string } {
  const space = key.indexOf(' /');
  return space < 0 ? { method: 'ANY', path: key } : { method: key.slice(0, space), path: key.slice(space + 1) };
}

/** The stage's default, and then one line for each method that has a limit of its own. */
export function rowsOf(name: StageName, stage: Stage): LimitRow[] {
  const methods = Object.entries(stage.limits).filter(([key, limit]) => key !== DEFAULT && limit && isSet(limit));
  return [
    {
      id: DEFAULT,
      label: 'Every method without a limit of its own',
      limit: stage.limits[DEFAULT] ?? {},
      selection: { kind: 'stage', ...name },
    },
    ...methods
      .map(([key, limit]) => ({
        id: key,
        label: key,
        limit: limit ?? {},
        selection: { kind: 'stageMethod' as const, ...name, ...halves(key) },
        removable: true,
      }))
      .sort((one, other) => halves(one.id).path.localeCompare(halves(other.id).path)),
  ];
}

/** The limits of a stage: its default, those of single methods, and the way to other stages. */
export function StagePanel({ name, close }: { name: StageName; close: () => void }) {
  const apis = useOperation('api_list', {});
  const item = apis.data?.items.find(one => one.context === name.context && one.api.id === name.apiId);
  const stage = item?.stages.find(one => one.name === name.stage);
  const what = `${item?.api.name ?? name.apiId}, ${name.stage}`;
  return (
    <SplitPanel header={visible(what)} i18nStrings={PANEL_WORDS} hidePreferencesButton closeBehavior="hide">
      <div data-testid="stage-panel">
        <SpaceBetween size="m">
          <SpaceBetween direction="horizontal" size="xs">
            {stage && <CopyStageLimits from={name} what={what} />}
            <Button onClick={close}>Close</Button>
          </SpaceBetween>
          {apis.error && <ErrorAlert error={apis.error} retry={() => void apis.refetch()} />}
          {apis.data && !stage && <EmptyState title="There is no such stage">It was deleted, or its context is not open.</EmptyState>}
          {stage && (
            <>
              <KeyValuePairs
                columns={2}
                items={[
                  { label: 'Deployment', value: <Foreign text={stage.deploymentId ?? 'none'} /> },
                  { label: 'Canary', value: stage.canary ? `${stage.canary.percentTraffic} %` : 'none' },
                ]}
              />
              <Header variant="h3">Limits</Header>
              <LimitTable label={`Limits of ${visible(what)}`} header="Method" rows={rowsOf(name, stage)} />
              <Box variant="small" color="text-body-secondary">
                AWS applies limits on a best-effort basis. The account's own limit binds where it is lower.
              </Box>
            </>
          )}
        </SpaceBetween>
      </div>
    </SplitPanel>
  );
}
