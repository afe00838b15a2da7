import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { EmptyState, ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { UncoveredRoutes } from './UncoveredRoutes';
import { STATES, Status, loggedWords, number, stageWords } from './words';

/** Web ACLs and what they really do; below, the routes that nothing stops requests to. */
export function WebAclList() {
  const navigate = useNavigate();
  const invalidate = useInvalidate();
  const query = useOperation('web_acl_list', { afresh: false });
  const again = useMutation({ mutationFn: () => host.call('web_acl_list', { afresh: true }), onSettled: invalidate });
  if (query.error) return <ErrorAlert error={query.error} retry={() => void query.refetch()} />;
  const list = query.data;
  return (
    <SpaceBetween size="l">
      {again.error && <ErrorAlert error={again.error} retry={() => again.mutate()} />}
      {list && <GapsAlert coverage={list.coverage} />}
      <Table
        variant="container"
        wrapLines
        data-testid="web-acls"
        header={
          <Header
            variant="h1"
            counter={list ? `(${list.items.length})` : ''}
            description={list?.readAt ? `Read ${ageOf(list.readAt, Date.now())}` : ''}
            actions={
              <Button iconName="refresh" loading={again.isPending} onClick={() => again.mutate()}>
                Read again
              </Button>
            }
          >
            Web ACLs
          </Header>
        }
        loading={query.isPending}
        loadingText="Reading web ACLs"
        ariaLabels={{ tableLabel: 'Web ACLs' }}
        trackBy={line => `${line.context} ${line.arn}`}
        items={list?.items ?? []}
        empty={
          list && !list.complete ? (
            <EmptyState title="No web ACL is known">They could not all be read, so there may be some.</EmptyState>
          ) : (
            <EmptyState title="No web ACLs">Neither the region nor any stage has one.</EmptyState>
          )
        }
        columnDefinitions={[
          {
            id: 'name',
            header: 'Web ACL',
            isRowHeader: true,
            minWidth: 150,
            cell: line => (
              <>
                <Link onFollow={() => void navigate({ to: '/waf', search: { context: line.context, acl: line.arn } })}>
                  <Foreign text={line.name} />
                </Link>
                <Box variant="small" display="block" color="text-body-secondary">
                  <Foreign text={line.description || line.context} />
                </Box>
              </>
            ),
          },
          { id: 'state', header: 'Does', minWidth: 140, cell: line => <Status of={STATES[line.state]} /> },
          {
            id: 'rules',
            header: 'Rules',
            minWidth: 150,
            cell: line =>
              typeof line.rules !== 'number'
                ? 'not read'
                : `${line.rules}: ${line.stopping} stop, ${line.counting} count${line.unknown > 0 ? `, ${line.unknown} not fully known` : ''}`,
          },
          { id: 'default', header: 'Otherwise', cell: line => line.defaultAction ?? 'not read' },
          {
            id: 'capacity',
            header: 'Capacity',
            minWidth: 120,
            cell: line => (typeof line.capacity === 'number' ? `${number(line.capacity)} of 1,500` : 'not read'),
          },
          { id: 'logged', header: 'Logged', cell: line => loggedWords(line.logging) },
          {
            id: 'before',
            header: 'Stands before',
            minWidth: 160,
            cell: line =>
              line.scope === 'CLOUDFRONT' ? (
                'CloudFront distributions (not read here)'
              ) : (
                <Foreign text={stageWords(line) || 'no stage that was read'} />
              ),
          },
        ]}
      />
      {list && <UncoveredRoutes list={list} />}
    </SpaceBetween>
  );
}
