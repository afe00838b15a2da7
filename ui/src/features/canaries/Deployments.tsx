import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { CanaryLine, DeploymentLine, Plan } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { stageOf } from './states';

function Served({ line }: { line: DeploymentLine }) {
  if (line.stages.length + line.canaryOf.length === 0) return <>–</>;
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      {line.stages.map(stage => (
        <Badge key={stage} color={line.current ? 'blue' : 'grey'}>
          <Foreign text={stage} />
        </Badge>
      ))}
      {line.canaryOf.map(stage => (
        <Badge key={`canary ${stage}`}>
          <Foreign text={`canary of ${stage}`} />
        </Badge>
      ))}
    </SpaceBetween>
  );
}

interface Props {
  line: CanaryLine;
  open: boolean;
  onPlan: (plan: Plan, deploymentId: string) => void;
}

/** The deployments of a stage's API, and moving the stage to an earlier one. */
export function Deployments({ line, open, onPlan }: Props) {
  const stage = stageOf(line);
  const [shown, setShown] = useState(open);
  const query = useOperation('deployment_list', { stage }, shown);
  const move = useMutation({
    mutationFn: (deploymentId: string) => host.call('stage_deployment_set', { stage, deploymentId }),
    onSuccess: (plan, deploymentId) => onPlan(plan, deploymentId),
  });
  const error = move.error ?? query.error;
  const fixed = query.data?.fixed;
  return (
    <ExpandableSection headerText="Deployments" expanded={shown} onChange={({ detail }) => setShown(detail.expanded)}>
      <div data-testid="deployments">
        <SpaceBetween size="s">
          {fixed && <Alert type="info">{fixed}</Alert>}
          {error && <ErrorAlert error={error} retry={() => void query.refetch()} />}
          {!query.error && (
            <Table
              variant="embedded"
              wrapLines
              ariaLabels={{ tableLabel: 'Deployments' }}
              loading={query.isPending}
              loadingText="Reading deployments"
              trackBy="id"
              items={query.data?.items ?? []}
              empty={<Box color="text-body-secondary">The API was never deployed.</Box>}
              columnDefinitions={[
                {
                  id: 'id',
                  header: 'Deployment',
                  isRowHeader: true,
                  minWidth: 130,
                  cell: one => (
                    <>
                      {one.id}
                      <Box variant="small" display="block">
                        {momentOf(one.created)}
                      </Box>
                    </>
                  ),
                },
                {
                  id: 'description',
                  header: 'Description',
                  minWidth: 120,
                  cell: one => (one.description ? <Foreign text={one.description} /> : '–'),
                },
                { id: 'served', header: 'Serves', cell: one => <Served line={one} />, minWidth: 110 },
                {
                  id: 'move',
                  header: '',
                  minWidth: 100,
                  cell: one =>
                    !one.current &&
                    !fixed && (
                      <Button
                        variant="inline-link"
                        ariaLabel={`Move the stage to deployment ${one.id}`}
                        loading={move.isPending && move.variables === one.id}
                        onClick={() => move.mutate(one.id)}
                      >
                        Move here
                      </Button>
                    ),
                },
              ]}
            />
          )}
        </SpaceBetween>
      </div>
    </ExpandableSection>
  );
}
