import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { ControlInfo, Evidence, Finding } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { useAttempt } from '../../shared/attempt';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { ExceptionModal } from './ExceptionModal';
import { PlanChange } from './PlanChange';
import { queryOfOne } from './search';
import { SeverityBadge, StateMark, placeOf } from './words';

const PREFERENCES = {
  preferencesTitle: 'Panel',
  preferencesPositionLabel: 'Position',
  preferencesPositionDescription: 'Where the panel is.',
  preferencesPositionSide: 'Side',
  preferencesPositionBottom: 'Bottom',
  preferencesConfirm: 'Confirm',
  preferencesCancel: 'Cancel',
  closeButtonAriaLabel: 'Close panel',
  openButtonAriaLabel: 'Open panel',
  resizeHandleAriaLabel: 'Resize panel',
};

/** One finding: what, why, how it is known, what to do, who accepts it. */
export function FindingPanel({ id }: { id: string }) {
  const answer = useOperation('finding_list', { query: queryOfOne(id), collapsed: [], offset: 0, limit: 1 });
  const line = answer.data?.lines[0];
  const finding = line?.line === 'finding' ? line.finding : undefined;
  const control = answer.data?.controls.find(one => one.control.id === finding?.control)?.control;
  return (
    <SplitPanel header={finding ? visible(finding.resource.label) : 'Finding'} hidePreferencesButton i18nStrings={PREFERENCES}>
      {answer.error ? (
        <ErrorAlert error={answer.error} retry={() => void answer.refetch()} />
      ) : finding && control ? (
        <Detail finding={finding} control={control} />
      ) : answer.isPending ? (
        <Spinner />
      ) : (
        <EmptyState title="This finding is not there any more">It was fixed, or what it was about is gone.</EmptyState>
      )}
    </SplitPanel>
  );
}

function Detail({ finding, control }: { finding: Finding; control: ControlInfo }) {
  const navigate = useNavigate();
  const attempt = useAttempt();
  const [accepting, setAccepting] = useState(false);
  const { route } = finding;
  return (
    <SpaceBetween size="m">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <SeverityBadge severity={finding.severity} />
        <StateMark finding={finding} />
      </SpaceBetween>
      <Header variant="h3">
        {control.id}: {control.title}
      </Header>
      <KeyValuePairs
        columns={2}
        items={[
          { label: 'Expected', value: <Foreign text={finding.expected} /> },
          { label: finding.verdict === 'unknown' ? 'Why it is not known' : 'What is the case', value: <Foreign text={finding.actual} /> },
          { label: 'Where', value: <Foreign text={placeOf(finding)} /> },
          {
            label: 'Audience',
            value: (
              <>
                {finding.audience.audience}
                <Box variant="small" display="block">
                  {finding.audience.source}: <Foreign text={finding.audience.reason} />
                </Box>
              </>
            ),
          },
          {
            label: 'Route',
            value: route ? (
              <>
                <Link onFollow={() => void navigate({ to: '/routes', search: { route: route.id } })}>
                  <Foreign text={`${route.method} ${route.path}`} />
                </Link>
                {route.count > 1 && (
                  <ExpandableSection variant="inline" headerText={`${route.count} routes`}>
                    {route.others.map(other => (
                      <div key={other}>
                        <Foreign text={other} />
                      </div>
                    ))}
                    {route.count > route.others.length && <div>and {route.count - route.others.length} more</div>}
                  </ExpandableSection>
                )}
              </>
            ) : (
              'none'
            ),
          },
          { label: 'First seen', value: finding.firstSeen?.replace('T', ' ').slice(0, 16) ?? '–' },
        ]}
      />
      <ExpandableSection headerText="Evidence" defaultExpanded>
        {finding.evidence.length === 0 && <Box color="text-body-secondary">Nothing could be read.</Box>}
        <SpaceBetween size="s">
          {finding.evidence.map(evidence => (
            <Cited key={`${evidence.call} ${evidence.pointer}`} evidence={evidence} />
          ))}
        </SpaceBetween>
      </ExpandableSection>
      <ExpandableSection headerText="Why it matters" defaultExpanded>
        <Box variant="p">{control.why}</Box>
        <Box variant="small">{control.logic}</Box>
      </ExpandableSection>
      <ExpandableSection headerText="What to do" defaultExpanded>
        <Box variant="p">{control.remedy}</Box>
        {finding.change ? (
          <Box margin={{ bottom: 's' }}>
            <PlanChange finding={finding} change={finding.change} />
          </Box>
        ) : (
          control.operation &&
          route && (
            <Box variant="p">
              This console makes the change as a plan that can be read first ({control.operation}):{' '}
              <Link onFollow={() => void navigate({ to: '/routes', search: { route: route.id } })}>open the route</Link>.
            </Box>
          )
        )}
        {finding.commands.map(command => (
          <div key={command} className="finding-command">
            <code>{visible(command)}</code>
            <Button variant="icon" iconName="copy" ariaLabel="Copy the command" onClick={() => attempt(() => host.copyText(command))} />
          </div>
        ))}
        {finding.commands.length > 0 && (
          <Box variant="small">Words in capitals are yours to fill in. A deployment takes the whole draft live.</Box>
        )}
      </ExpandableSection>
      <ExpandableSection headerText="What others call it">
        <KeyValuePairs
          columns={1}
          items={[
            { label: 'AWS Security Hub and Foundational Security Best Practices', value: control.securityHub.join(', ') || 'nothing' },
            { label: 'PCI DSS 4.0', value: control.pci.join(', ') || 'nothing' },
            { label: 'Prowler', value: control.prowler.join(', ') || 'nothing' },
          ]}
        />
      </ExpandableSection>
      {finding.verdict === 'fail' && (
        <ExpandableSection headerText="Exception" defaultExpanded={Boolean(finding.exception)}>
          {finding.exception ? (
            <KeyValuePairs
              columns={2}
              items={[
                { label: 'Reason', value: <Foreign text={finding.exception.reason} /> },
                { label: 'Owner', value: <Foreign text={finding.exception.owner} /> },
                { label: finding.exceptionExpired ? 'Over since' : 'Until', value: finding.exception.expires },
                { label: 'Entered by', value: <Foreign text={finding.exception.by} /> },
              ]}
            />
          ) : (
            <Box variant="p">Nobody accepts it.</Box>
          )}
          <Button onClick={() => setAccepting(true)}>{finding.exception ? 'Change or take back' : 'Accept until a day'}</Button>
        </ExpandableSection>
      )}
      {accepting && <ExceptionModal finding={finding} close={() => setAccepting(false)} />}
    </SpaceBetween>
  );
}

function Cited({ evidence }: { evidence: Evidence }) {
  return (
    <div className="finding-evidence">
      <div>
        <strong>{evidence.call}</strong> {evidence.of && <Foreign text={evidence.of} />}{' '}
        <span>{evidence.at.replace('T', ' ').slice(0, 19)}</span>
      </div>
      <code>{visible(evidence.pointer)}</code>
      <pre>{visible(evidence.value)}</pre>
    </div>
  );
}
