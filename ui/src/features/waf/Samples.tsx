import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';

import { host } from '../../api/client';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';

/** WAF keeps samples for three hours. */
const MINUTES = 180;

/** Requests that WAF sampled, asked for by a person: they are strangers', and what is in them is theirs. */
export function Samples({ place }: { place: { context: string; webAcl: string; rule: string } }) {
  const read = useMutation({ mutationFn: () => host.call('web_acl_samples', { ...place, minutes: MINUTES }) });
  const items = read.data?.items ?? [];
  return (
    <SpaceBetween size="s">
      <Box variant="h3">Sampled requests</Box>
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Button loading={read.isPending} onClick={() => read.mutate()}>
          {read.data ? 'Read again' : 'Show the last three hours'}
        </Button>
        <Box variant="small" color="text-body-secondary">
          Credentials in headers and queries are left out.
        </Box>
      </SpaceBetween>
      {read.error && <ErrorAlert error={read.error} retry={() => read.mutate()} />}
      {read.data && items.length === 0 && <Box color="text-body-secondary">WAF sampled no request of it in that time.</Box>}
      {items.length > 0 && (
        <Table
          variant="embedded"
          wrapLines
          data-testid="samples"
          ariaLabels={{ tableLabel: 'Sampled requests, latest first' }}
          items={items.slice(0, 50)}
          footer={items.length > 50 ? `The latest 50 of ${items.length}; portcullis waf samples lists all.` : undefined}
          columnDefinitions={[
            {
              id: 'at',
              header: 'When',
              width: 90,
              cell: one => (typeof one.at === 'number' ? new Date(one.at * 1000).toLocaleTimeString('en-GB') : '–'),
            },
            {
              id: 'request',
              header: 'Request',
              isRowHeader: true,
              minWidth: 200,
              cell: one => (
                <>
                  <Foreign text={`${one.method} ${one.uri}`} />
                  <ExpandableSection headerText={`${one.headers.length} headers`} variant="inline">
                    <ul className="waf-tree">
                      {one.headers.map(header => (
                        <li key={header.name}>
                          <Foreign text={`${header.name}: ${header.value}`} />
                        </li>
                      ))}
                    </ul>
                  </ExpandableSection>
                </>
              ),
            },
            { id: 'from', header: 'From', minWidth: 130, cell: one => <Foreign text={`${one.clientIp} ${one.country}`} /> },
            {
              id: 'action',
              header: 'Action',
              minWidth: 100,
              cell: one => (
                <>
                  <Foreign text={one.action || '–'} />
                  {one.innerRule && (
                    <Box variant="small" display="block">
                      <Foreign text={one.innerRule} />
                    </Box>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
    </SpaceBetween>
  );
}
