import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { useNavigate } from '@tanstack/react-router';

import type { ApiListItem } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';

/** Every API with its stages; its routes are one click away. */
export function ApisView() {
  const query = useOperation('api_list', {});
  const navigate = useNavigate();
  const routesOf = (item: ApiListItem) =>
    void navigate({
      to: '/routes',
      search: { filter: { operation: 'and', tokens: [{ property: 'api', operator: '=', value: item.api.id }] } },
    });
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const items = query.data?.items ?? [];
  return (
    <Table
      variant="container"
      header={
        <Header variant="h1" counter={`(${items.length})`}>
          APIs
        </Header>
      }
      loading={query.isPending}
      loadingText="Reading APIs"
      ariaLabels={{ tableLabel: 'APIs' }}
      trackBy={item => `${item.context}/${item.api.id}`}
      items={items}
      empty={<EmptyState title="No APIs">The open contexts have none, or none could be read.</EmptyState>}
      columnDefinitions={[
        {
          id: 'name',
          header: 'Name',
          isRowHeader: true,
          cell: item => (
            <Link onFollow={() => routesOf(item)}>
              <Foreign text={item.api.name} />
            </Link>
          ),
        },
        { id: 'id', header: 'ID', cell: item => item.api.id },
        { id: 'kind', header: 'Kind', cell: item => item.api.kind },
        { id: 'endpoint', header: 'Endpoint', cell: item => item.api.endpointType },
        { id: 'stages', header: 'Stages', cell: item => item.stages.map(stage => stage.name).join(', ') || '–' },
        { id: 'routes', header: 'Routes', cell: item => item.routes },
        { id: 'created', header: 'Created', cell: item => item.api.created?.slice(0, 10) ?? '–' },
        { id: 'where', header: 'Account and region', cell: item => `${item.account} ${item.region}` },
      ]}
    />
  );
}
