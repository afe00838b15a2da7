import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';

import type { ContextPosture } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useAttempt } from '../../shared/attempt';
import { useNow } from '../../shared/now';
import { EmptyState, ErrorAlert, GapsAlert, ageOf } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { ReleaseSummary } from '../canaries/ReleaseSummary';
import { SeverityBadge, placeOf } from '../findings/words';
import { AudienceMatrix } from './AudienceMatrix';
import { LatestChanges } from './LatestChanges';
import './overview.css';

/** Every open context on one screen: what is wrong, for whom, what is under way, what could not be read. */
export function OverviewView() {
  const answer = useOperation('posture_overview', {});
  const attempt = useAttempt();
  const invalidate = useInvalidate();
  const now = useNow();
  const [checking, setChecking] = useState(false);
  const check = () =>
    attempt(async () => {
      setChecking(true);
      try {
        await host.call('posture_refresh', {});
        await invalidate();
      } finally {
        setChecking(false);
      }
    });
  if (answer.error && !answer.data) return <ErrorAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (!answer.data) return <StatusIndicator type="loading">Reading the state of every context</StatusIndicator>;
  const { contexts, evidenceRead, lastRun } = answer.data;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={lastRun ? `Checked ${ageOf(lastRun, now)}` : 'Not checked yet'}
        actions={
          <Button variant="primary" iconName="refresh" loading={checking} onClick={check}>
            {evidenceRead ? 'Check again' : 'Check now'}
          </Button>
        }
      >
        Overview
      </Header>
      {contexts.map(context => (
        <Context key={context.context} posture={context} now={now} />
      ))}
      <LatestChanges now={now} />
    </SpaceBetween>
  );
}

function Context({ posture, now }: { posture: ContextPosture; now: number }) {
  const navigate = useNavigate();
  const toFindings = (search: Record<string, unknown>) =>
    void navigate({ to: '/findings', search: { context: posture.context, ...search } });
  const where = [posture.account, posture.region].filter(Boolean).join(' ');
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${posture.apis} APIs, ${posture.routes} routes${posture.readAt ? `, read ${ageOf(posture.readAt, now)}` : ', not read yet'}`}
        >
          <Foreign text={posture.context} />{' '}
          <Box variant="span" color="text-body-secondary" fontSize="body-m">
            {where}
          </Box>
        </Header>
      }
    >
      <SpaceBetween size="l">
        <GapsAlert coverage={posture.coverage} />
        <Tiles posture={posture} now={now} follow={toFindings} />
        <ColumnLayout columns={2} minColumnWidth={420}>
          <section aria-label={`Findings of ${posture.context}`}>
            <AudienceMatrix posture={posture} follow={toFindings} />
          </section>
          <section>
            <Box variant="h3" padding={{ bottom: 'xs' }}>
              Look at these first
            </Box>
            {posture.worst.length === 0 ? (
              <EmptyState title="Nothing fails">Every control that could be judged passes.</EmptyState>
            ) : (
              <ul className="overview-worst">
                {posture.worst.map(finding => (
                  <li key={finding.id}>
                    <SeverityBadge severity={finding.severity} />{' '}
                    <Link onFollow={() => toFindings({ finding: finding.id })}>
                      <Foreign text={finding.resource.label} />
                    </Link>
                    <div className="overview-second">
                      <Foreign text={`${finding.title}: ${finding.actual} (${placeOf(finding)})`} />
                    </div>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </ColumnLayout>
      </SpaceBetween>
    </Container>
  );
}

function Tiles({ posture, now, follow }: { posture: ContextPosture; now: number; follow(search: Record<string, unknown>): void }) {
  const { alarmsBurning, canaries, quotaPressure } = posture;
  const navigate = useNavigate();
  return (
    <div className="overview-tiles">
      <Tile title="Alarms burning">
        {alarmsBurning === undefined || alarmsBurning === null ? (
          <StatusIndicator type="pending">Alarms were not read yet</StatusIndicator>
        ) : alarmsBurning.length === 0 ? (
          <StatusIndicator type="success">None</StatusIndicator>
        ) : (
          alarmsBurning.slice(0, 3).map(name => (
            <div key={name}>
              <StatusIndicator type="error">
                <Link onFollow={() => void navigate({ to: '/alarms', search: { alarm: `${posture.context}/${name}`, text: name } })}>
                  <Foreign text={name} />
                </Link>
              </StatusIndicator>
            </div>
          ))
        )}
        {alarmsBurning && alarmsBurning.length > 3 && <div className="overview-second">and {alarmsBurning.length - 3} more</div>}
      </Tile>
      <Tile title="Canaries running">
        {canaries.length === 0 ? (
          <StatusIndicator type="success">None</StatusIndicator>
        ) : (
          canaries.map(canary => (
            <div key={`${canary.apiId}/${canary.stage}`}>
              <StatusIndicator type="in-progress">
                <Foreign text={`${canary.apiName} ${canary.stage}`} /> {canary.percentTraffic} %
              </StatusIndicator>
              {canary.since && <div className="overview-second">stage changed {ageOf(canary.since, now)}</div>}
            </div>
          ))
        )}
      </Tile>
      <Tile title="Releases under watch">
        <ReleaseSummary context={posture.context} />
      </Tile>
      <Tile title="Tenants near their quota">
        {quotaPressure === undefined || quotaPressure === null ? (
          <StatusIndicator type="pending">Usage was not read yet</StatusIndicator>
        ) : quotaPressure === 0 ? (
          <StatusIndicator type="success">None</StatusIndicator>
        ) : (
          <StatusIndicator type="warning">
            <Link onFollow={() => follow({ control: 'G29' })}>{many(quotaPressure, 'key')}</Link>
          </StatusIndicator>
        )}
      </Tile>
      <Tile title="Drafts that differ">
        {posture.drifted === 0 ? (
          <StatusIndicator type="success">None</StatusIndicator>
        ) : (
          <StatusIndicator type="warning">
            <Link onFollow={() => follow({ control: 'G25' })}>{many(posture.drifted, 'route')}</Link>
          </StatusIndicator>
        )}
      </Tile>
      <Tile title="New or back again">
        {posture.new === 0 ? 'None' : <Link onFollow={() => follow({ state: 'new' })}>{many(posture.new, 'finding')}</Link>}
      </Tile>
      <Tile title="Not known">
        {posture.unknown === 0 ? (
          <StatusIndicator type="success">None</StatusIndicator>
        ) : (
          <StatusIndicator type="warning">
            <Link onFollow={() => follow({ state: 'unknown' })}>{many(posture.unknown, 'verdict')}</Link>
          </StatusIndicator>
        )}
      </Tile>
      <Tile title="Accepted">
        {posture.excepted === 0 ? 'None' : <Link onFollow={() => follow({ state: 'accepted' })}>{many(posture.excepted, 'finding')}</Link>}
      </Tile>
    </div>
  );
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function Tile({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="overview-tile">
      <div className="overview-tile-title">{title}</div>
      {children}
    </div>
  );
}
