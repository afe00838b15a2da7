import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { Route, RouteDetail, ThrottleSelection, ThrottleSource } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { PANEL_WORDS } from '../../shared/panelWords';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { routeKey } from '../metrics/search';
import { KeyLimits } from '../throttles/KeyLimits';
import { LimitTable } from '../throttles/LimitTable';
import { LimitsModal } from '../throttles/LimitsModal';
import { StageLimits } from '../throttles/StageLimits';
import { RouteWaf } from '../waf/RouteWaf';
import { AudienceModal } from './AudienceModal';

function Guard({ detail }: { detail: RouteDetail }) {
  const { route, authorizer, validator } = detail;
  return (
    <ExpandableSection headerText="Guard" defaultExpanded variant="footer">
      <SpaceBetween size="s">
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'Authorization', value: route.guard.authorizationType },
            { label: 'API key', value: route.guard.apiKeyRequired ? 'required' : 'not required' },
            {
              label: 'Authorizer',
              value: authorizer ? (
                <>
                  <Foreign text={authorizer.name} /> ({authorizer.kind}), decisions kept {authorizer.ttlSeconds ?? 300} s
                </>
              ) : (
                '–'
              ),
            },
            { label: 'Scopes', value: route.guard.scopes.join(' ') || '–' },
            {
              label: 'Request validator',
              value: validator
                ? `${visible(validator.name)}: ${validator.validatesBody ? 'body' : ''}${validator.validatesParameters ? ' parameters' : ''}`
                : '–',
            },
            { label: 'Web ACL', value: route.wafAcl ? <Foreign text={route.wafAcl} /> : '–' },
          ].map(item => ({ label: item.label, value: item.value ?? '–' }))}
        />
        <ul>
          {detail.guardNotes.map(note => (
            <li key={note}>
              <Foreign text={note} />
            </li>
          ))}
        </ul>
      </SpaceBetween>
    </ExpandableSection>
  );
}

/** What changes when a layer is edited: the method's own limit, the stage's default; the account's is AWS's to raise. */
function selectionOf(route: Route, source: ThrottleSource): ThrottleSelection | undefined {
  if (source === 'stage-method') return route.drift === 'added' ? undefined : { kind: 'routes', routeIds: [route.id] };
  if (source === 'stage-default') return { kind: 'stage', context: route.context, apiId: route.apiId, stage: route.stage };
  return undefined;
}

function Limits({ detail }: { detail: RouteDetail }) {
  const rows = detail.throttleLayers.map(layer => ({
    id: layer.source,
    label: layer.label,
    note: layer.replaced ? 'replaced by a narrower one' : undefined,
    limit: layer.limit,
    binds: { rate: layer.bindsRate, burst: layer.bindsBurst },
    selection: selectionOf(detail.route, layer.source),
    removable: layer.source === 'stage-method' && (typeof layer.limit.rate === 'number' || typeof layer.limit.burst === 'number'),
  }));
  return (
    <ExpandableSection headerText="Limits" defaultExpanded variant="footer">
      <LimitTable label="Layers of throttling, narrowest first" header="Layer" rows={rows} />
      <Box variant="small" color="text-body-secondary">
        AWS applies limits on a best-effort basis: they are targets, not ceilings. A usage plan may limit a key further.
      </Box>
    </ExpandableSection>
  );
}

function Raw({ detail, copy }: { detail: RouteDetail; copy: (text: string) => void }) {
  return (
    <ExpandableSection headerText="What AWS answered" variant="footer">
      <SpaceBetween size="s">
        {detail.raw.length === 0 && 'Nothing is kept of it: refresh to read it again.'}
        {detail.raw.map(document => (
          <ExpandableSection
            key={document.call + document.pointer}
            headerText={document.title}
            headerDescription={`${document.call} ${document.pointer}`}
            headerActions={
              <Button iconName="copy" variant="inline-icon" ariaLabel={`Copy ${document.title}`} onClick={() => copy(document.json)} />
            }
          >
            <pre className="route-json">{visible(document.json).replaceAll('\\u{a}', '\n')}</pre>
          </ExpandableSection>
        ))}
      </SpaceBetween>
    </ExpandableSection>
  );
}

/** Everything about one route. */
export function RoutePanel({ id }: { id: string }) {
  const query = useOperation('route_get', { id });
  const frame = useFrame();
  const [changing, setChanging] = useState<'audience' | 'limits' | null>(null);
  const navigate = useNavigate();
  const detail = query.data;
  const metricsOf = (route: Route) =>
    void navigate({
      to: '/metrics',
      search: { context: route.context, api: route.apiId, stage: route.stage, route: routeKey(route) },
    });
  const copy = (text: string) => {
    host.copyText(text).then(
      () => frame.notify('success', 'Copied.'),
      error => frame.notify('error', <ErrorAlert error={error} />),
    );
  };
  const header = detail ? `${detail.route.method} ${visible(detail.route.path)}` : 'Route';
  return (
    <SplitPanel header={header} i18nStrings={PANEL_WORDS} hidePreferencesButton closeBehavior="hide">
      <div data-testid="route-panel">
        {query.error && <ErrorAlert error={query.error} retry={() => void query.refetch()} />}
        {query.isPending && <Spinner />}
        {detail && (
          <SpaceBetween size="m">
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="external" onClick={() => void host.openUrl(detail.consoleUrl)}>
                AWS console
              </Button>
              <ButtonDropdown
                items={[
                  { id: 'arn', text: 'ARN' },
                  { id: 'command', text: 'aws command' },
                  { id: 'link', text: 'Link to this view' },
                ]}
                onItemClick={({ detail: item }) =>
                  copy(item.id === 'arn' ? detail.arn : item.id === 'command' ? detail.awsCommand : window.location.href)
                }
              >
                Copy
              </ButtonDropdown>
              <Button onClick={() => setChanging('audience')}>Change audience</Button>
              <Button onClick={() => setChanging('limits')} disabled={detail.route.drift === 'added'}>
                Change limits
              </Button>
              <Button onClick={() => metricsOf(detail.route)}>Metrics</Button>
            </SpaceBetween>
            <KeyValuePairs
              columns={2}
              items={[
                {
                  label: 'Audience',
                  value: (
                    <>
                      <b>{detail.route.audience.audience}</b>: <Foreign text={detail.route.audience.reason} />
                    </>
                  ),
                },
                {
                  label: 'Class',
                  value: (
                    <>
                      {detail.route.class.class}: <Foreign text={detail.route.class.reason} />
                    </>
                  ),
                },
                {
                  label: 'API',
                  value: (
                    <Foreign
                      text={`${detail.route.apiName} (${detail.route.apiId}), ${detail.route.apiKind} ${detail.route.endpointType}`}
                    />
                  ),
                },
                { label: 'Stage', value: <Foreign text={`${detail.route.stage}, deployment ${detail.stage.deploymentId ?? 'none'}`} /> },
                {
                  label: 'Integration',
                  value: detail.route.integration ? (
                    <Foreign
                      text={`${detail.route.integration.kind} ${detail.route.integration.target ?? ''} ${detail.route.integration.timeoutMs ? `(${detail.route.integration.timeoutMs} ms)` : ''}`}
                    />
                  ) : (
                    '–'
                  ),
                },
                {
                  label: 'URLs',
                  value: (
                    <>
                      {[...detail.route.customUrls, ...(detail.route.invokeUrl ? [detail.route.invokeUrl] : [])].map(url => (
                        <div key={url}>
                          <Foreign text={url} />
                        </div>
                      ))}
                      {detail.route.customUrls.length === 0 && !detail.route.invokeUrl && 'no public URL'}
                    </>
                  ),
                },
              ]}
            />
            <Guard detail={detail} />
            <Limits detail={detail} />
            <RouteWaf id={detail.route.id} />
            {detail.route.guard.apiKeyRequired && <KeyLimits route={detail.route} />}
            <StageLimits route={detail.route} stage={detail.stage} />
            <Raw detail={detail} copy={copy} />
          </SpaceBetween>
        )}
      </div>
      {changing === 'audience' && detail && <AudienceModal route={detail.route} close={() => setChanging(null)} />}
      {changing === 'limits' && detail && (
        <LimitsModal
          selection={{ kind: 'routes', routeIds: [detail.route.id] }}
          what={`${detail.route.method} ${detail.route.path} of ${detail.route.apiName}, ${detail.route.stage}`}
          now={detail.route.throttle.limit}
          close={() => setChanging(null)}
        />
      )}
    </SplitPanel>
  );
}
