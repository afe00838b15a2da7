import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Steps from '@cloudscape-design/components/steps';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import type { Release, ReleaseLine, StageName } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { MODES, STATES, clock } from './words';

function Progress({ release }: { release: Release }) {
  if (release.terms.steps.length === 0) return null;
  return (
    <Steps
      ariaLabel="Steps of the release"
      steps={release.terms.steps.map((step, at) => ({
        header: `${step.percent} % for ${step.minutes} min`,
        status: at < release.step ? 'success' : at === release.step ? 'in-progress' : 'pending',
        statusIconAriaLabel: at < release.step ? 'Done' : at === release.step ? 'On' : 'To come',
        ...(at === release.step ? { details: `since ${clock(release.stepSince)} UTC` } : {}),
      }))}
    />
  );
}

/** Entries of the journal that a release made, as links. */
function Entries({ release }: { release: Release }) {
  const navigate = useNavigate();
  const entries = [...(release.confirmedIn ? [release.confirmedIn] : []), ...release.entries];
  if (entries.length === 0) return <>–</>;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {entries.map(entry => (
        <Link key={entry} onFollow={() => void navigate({ to: '/journal', search: { entry } })}>
          {entry}
        </Link>
      ))}
    </SpaceBetween>
  );
}

/** A release under watch: on which terms, how far, and what happens next. */
export function RunningRelease({ line }: { line: ReleaseLine }) {
  const invalidate = useInvalidate();
  const { release } = line;
  const stop = useMutation({ mutationFn: () => host.call('canary_release_stop', { id: release.id, reason: '' }), onSuccess: invalidate });
  return (
    <div data-testid="release">
      <Container
        header={
          <Header
            variant="h3"
            actions={
              <Button loading={stop.isPending} onClick={() => stop.mutate()}>
                End the watch
              </Button>
            }
            description={`${line.minutesLeft} ${line.minutesLeft === 1 ? 'minute' : 'minutes'} left`}
          >
            <StatusIndicator type="in-progress">Under watch</StatusIndicator>
          </Header>
        }
      >
        <SpaceBetween size="s">
          {stop.error && <ErrorAlert error={stop.error} />}
          {release.trouble && (
            <Alert type="error" header="The console could not act">
              <Foreign text={release.trouble} />
            </Alert>
          )}
          {line.unwatched && <Alert type="warning">{line.unwatched}</Alert>}
          <KeyValuePairs
            columns={3}
            items={[
              { label: 'Mode', value: MODES[release.terms.mode].text },
              { label: 'Begun', value: <Foreign text={`${clock(release.begun)} UTC by ${release.begunBy.localUser}`} /> },
              { label: 'Requests count from', value: `${clock(release.since)} UTC` },
              {
                label: 'Last look',
                value: release.looked ? `${clock(release.looked)} UTC (${release.looks})` : 'none yet',
              },
              { label: 'Ends', value: `${clock(release.deadline)} UTC` },
              { label: 'Journal', value: <Entries release={release} /> },
            ]}
          />
          <Progress release={release} />
          <div>
            <Box variant="awsui-key-label">What happens next</Box>
            {line.next.map(sentence => (
              <div key={sentence}>{sentence}</div>
            ))}
          </div>
          {release.gaps.length > 0 && (
            <ExpandableSection headerText={`Not watched ${release.gaps.length === 1 ? 'once' : `${release.gaps.length} times`}`}>
              {release.gaps.map(gap => (
                <div key={gap.from}>
                  {clock(gap.from)} to {clock(gap.to)} UTC: <Foreign text={gap.why} />
                </div>
              ))}
              <Box variant="small" display="block">
                What happened meanwhile was read from CloudWatch afterwards.
              </Box>
            </ExpandableSection>
          )}
        </SpaceBetween>
      </Container>
    </div>
  );
}

function PastRelease({ release }: { release: Release }) {
  return (
    <div>
      <StatusIndicator type={STATES[release.state].type}>{STATES[release.state].text}</StatusIndicator>{' '}
      <Box variant="small" display="inline">
        {clock(release.begun)} to {release.ended ? clock(release.ended) : '–'} UTC, {MODES[release.terms.mode].text.toLowerCase()}
      </Box>
      <div>
        <Foreign text={release.words} />
      </div>
      <Entries release={release} />
    </div>
  );
}

/** The releases of a stage that are over: how the last one ended is on screen, those before it are folded away. */
export function PastReleases({ lines }: { lines: ReleaseLine[] }) {
  const [last, ...earlier] = lines;
  if (!last) return null;
  return (
    <div data-testid="past-releases">
      <SpaceBetween size="s">
        <div>
          <Box variant="awsui-key-label">The last release</Box>
          <PastRelease release={last.release} />
        </div>
        {earlier.length > 0 && (
          <ExpandableSection headerText={`Releases before it (${earlier.length})`}>
            <SpaceBetween size="s">
              {earlier.slice(0, 10).map(({ release }) => (
                <PastRelease key={release.id} release={release} />
              ))}
            </SpaceBetween>
          </ExpandableSection>
        )}
      </SpaceBetween>
    </div>
  );
}

/** The same for a stage that has no canary any more: what became of the last one. */
export function StageReleases({ stage }: { stage: StageName }) {
  const releases = useOperation('canary_release_list', { stage });
  if (releases.error) return <ErrorAlert error={releases.error} retry={() => void releases.refetch()} />;
  return <PastReleases lines={(releases.data?.releases ?? []).filter(line => line.release.state !== 'watching')} />;
}
