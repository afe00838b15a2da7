import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';

import type { RouteChange, RouteDifference, StageName } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';

const CHANGES: Record<RouteChange, { text: string; color: 'green' | 'grey' | 'blue' }> = {
  added: { text: 'added', color: 'green' },
  removed: { text: 'removed', color: 'grey' },
  changed: { text: 'changed', color: 'blue' },
};

function words(routes: RouteDifference[]): string {
  const weaker = routes.filter(route => route.security).length;
  const of = (change: RouteChange) => routes.filter(route => route.change === change).length;
  const counts = `${of('added')} added, ${of('removed')} removed, ${of('changed')} changed`;
  return weaker === 0 ? `Routes that differ: ${counts}` : `Routes that differ: ${counts}; ${weaker} reachable by more people`;
}

/** What a candidate changes against what the stage serves, route by route; what becomes weaker in words and colour. */
export function Difference({ stage, deploymentId }: { stage: StageName; deploymentId: string | null }) {
  const query = useOperation('canary_difference', { stage, deploymentId });
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  if (!query.data || query.isPlaceholderData)
    return (
      <Box color="text-body-secondary">
        <Spinner /> Comparing with what the stage serves
      </Box>
    );
  const { routes, notes } = query.data;
  // What becomes weaker is read first.
  const sorted = routes.toSorted((one, other) => Number(Boolean(other.security)) - Number(Boolean(one.security)));
  return (
    <div data-testid="difference">
      <ExpandableSection headerText={words(routes)} defaultExpanded={routes.length <= 12 || routes.some(route => route.security)}>
        <SpaceBetween size="xs">
          {routes.length === 0 ? (
            <Box color="text-body-secondary">Every route is there in both, and nothing that was compared differs.</Box>
          ) : (
            <Table
              variant="embedded"
              wrapLines
              ariaLabels={{ tableLabel: 'Routes that differ' }}
              trackBy={route => `${route.method} ${route.path}`}
              items={sorted}
              columnDefinitions={[
                {
                  id: 'route',
                  header: 'Route',
                  isRowHeader: true,
                  minWidth: 190,
                  cell: route => (
                    <>
                      <Badge color={CHANGES[route.change].color}>{CHANGES[route.change].text}</Badge>{' '}
                      <Foreign text={`${route.method} ${route.path}`} />
                    </>
                  ),
                },
                {
                  id: 'detail',
                  header: 'Guard, and what else differs',
                  minWidth: 180,
                  cell: route => (
                    <>
                      <Foreign text={route.detail} />
                      {route.contract.map(change => (
                        <div key={change}>
                          <Foreign text={change} />
                        </div>
                      ))}
                      {route.security && (
                        <div>
                          <StatusIndicator type="error">
                            <Foreign text={route.security} />
                          </StatusIndicator>
                        </div>
                      )}
                    </>
                  ),
                },
              ]}
            />
          )}
          {notes.map(note => (
            <Box key={note} variant="small" display="block" color="text-body-secondary">
              <Foreign text={note} />
            </Box>
          ))}
        </SpaceBetween>
      </ExpandableSection>
    </div>
  );
}
