import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';

import type { ExplainedLayer, Limit, Route } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';

/** Keys that are offered at once; typing narrows them. */
const KEYS = 50;

function half(of: keyof Limit, layer: ExplainedLayer) {
  const binds = of === 'rate' ? layer.bindsRate : layer.bindsBurst;
  return (
    <>
      {layer.limit[of] ?? '–'} {binds && <Badge color="blue">binds</Badge>}
    </>
  );
}

function Explained({ routeId, keyId }: { routeId: string; keyId: string }) {
  const query = useOperation('throttle_explain', { routeId, keyId });
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  if (!query.data || query.isPlaceholderData) return <Spinner />;
  const { effective, sentences } = query.data;
  return (
    <div data-testid="key-limits">
      <SpaceBetween size="xs">
        <div>
          {sentences.map((sentence, at) => (
            <Box key={sentence} variant="p" fontWeight={at === 0 ? 'bold' : 'normal'}>
              <Foreign text={sentence} />
            </Box>
          ))}
        </div>
        <Table
          variant="embedded"
          wrapLines
          ariaLabels={{ tableLabel: 'Layers of throttling for this key, in the order in which AWS applies them' }}
          items={effective.layers}
          columnDefinitions={[
            {
              id: 'layer',
              header: 'Layer',
              isRowHeader: true,
              cell: layer => (
                <>
                  <Foreign text={layer.place} />
                  {layer.replaced && (
                    <div>
                      <StatusIndicator type="stopped">replaced by a narrower one</StatusIndicator>
                    </div>
                  )}
                </>
              ),
            },
            { id: 'rate', header: 'Requests per second', cell: layer => half('rate', layer) },
            { id: 'burst', header: 'Burst', cell: layer => half('burst', layer) },
          ]}
        />
      </SpaceBetween>
    </div>
  );
}

/** What limits one tenant's key on a route: every layer, the usage plan's among them. */
export function KeyLimits({ route }: { route: Route }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [asked, setAsked] = useState(false);
  const query = { text, states: [], usagePlanId: null, sort: 'tenant' as const };
  const board = useOperation('tenant_list', { query, offset: 0, limit: KEYS, afresh: false }, asked);
  const rows = (board.data?.rows ?? []).filter(row => row.context === route.context);
  const options = [...new Map(rows.map(row => [row.keyId, row])).values()].map(row => ({
    value: row.keyId,
    label: visible(row.tenant.name),
    description: visible(`${row.keyName} (${row.keyId})`),
    tags: [...new Set(rows.filter(one => one.keyId === row.keyId).map(one => visible(one.planName ?? 'in no plan')))],
  }));
  return (
    <SpaceBetween size="s">
      <FormField label="For one key" description="Its usage plan limits it further, on methods that require a key.">
        <div data-testid="key-of-route">
          <Select
            ariaLabel="Key"
            placeholder="Choose a tenant's key"
            filteringType="manual"
            filteringPlaceholder="Tenant, key, customer, tag, plan"
            selectedOption={chosen}
            options={options}
            statusType={board.isFetching ? 'loading' : board.error ? 'error' : 'finished'}
            loadingText="Reading keys"
            errorText="Keys could not be read"
            empty="No key matches"
            onFocus={() => setAsked(true)}
            onLoadItems={({ detail }) => {
              setAsked(true);
              setText(detail.filteringText);
            }}
            onChange={({ detail }) => setChosen({ value: detail.selectedOption.value ?? '', label: detail.selectedOption.label ?? '' })}
          />
        </div>
      </FormField>
      {board.error && <ErrorAlert error={board.error} retry={() => void board.refetch()} />}
      {asked && board.data && <GapsAlert coverage={board.data.coverage} />}
      {chosen && <Explained routeId={route.id} keyId={chosen.value} />}
    </SpaceBetween>
  );
}
