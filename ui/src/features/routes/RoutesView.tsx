import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';

import type { ExportFormat, Route, RouteProperty } from '../../api/bindings';
import { host } from '../../api/client';
import { useFrame } from '../../app/panel';
import { useStored } from '../../shared/preferences';
import { EmptyState, ErrorAlert } from '../../shared/states';
import { ChosenRoutes } from './ChosenRoutes';
import { COLUMNS, DEFAULT_COLUMNS } from './columns';
import { RoutePanel } from './RoutePanel';
import { LimitsModal } from '../throttles/LimitsModal';
import { RoutesFilter } from './RoutesFilter';
import { RoutesGrid } from './RoutesGrid';
import type { RoutesSearch } from './search';
import { queryOf } from './search';
import { useChosen } from './useChosen';
import { useLines } from './useLines';

const GROUPS = [
  { value: 'audience', label: 'Audience' },
  { value: 'api', label: 'API and stage' },
  { value: 'routeClass', label: 'Class' },
  { value: 'context', label: 'Account and region' },
  { value: 'none', label: 'No groups' },
];

/** Every route as its stage serves it. */
export function RoutesView() {
  const search = useSearch({ from: '/routes' });
  const navigate = useNavigate({ from: '/routes' });
  const frame = useFrame();
  const [limiting, setLimiting] = useState(false);
  const chosen = useChosen();
  const [collapsed, setCollapsed] = useState<string[]>([]);
  const [visible, setVisible] = useState({ first: 0, last: 0 });
  const [columns, setColumns] = useStored<RouteProperty[]>('routes.columns', DEFAULT_COLUMNS);
  const [compact] = useStored('compact', true);

  const change = useCallback(
    (next: Partial<RoutesSearch>, replace = false) => void navigate({ search: now => ({ ...now, ...next }), replace }),
    [navigate],
  );
  const query = useMemo(() => queryOf(search), [search]);
  const lines = useLines(query, collapsed, visible.first, visible.last);
  const { list } = lines;
  const onVisible = useCallback((first: number, last: number) => setVisible({ first, last }), []);

  const open = search.route;
  useEffect(() => {
    frame.setPanel(open ? <RoutePanel key={open} id={open} /> : null);
    return () => frame.setPanel(null);
  }, [open, frame]);

  const toggle = (key: string) => setCollapsed(now => (now.includes(key) ? now.filter(other => other !== key) : [...now, key]));
  const onSort = (property: RouteProperty) => {
    if (search.sort !== property) change({ sort: property, descending: false });
    else if (!search.descending) change({ descending: true });
    else change({ sort: undefined, descending: undefined });
  };
  const chooseRange = async (from: number, to: number) => {
    try {
      await chosen.range(query, collapsed, from, to);
    } catch (error) {
      frame.notify('error', <ErrorAlert error={error} />);
    }
  };
  const exportTo = async (format: ExportFormat) => {
    try {
      const path = await host.chooseSavePath(`routes.${format}`);
      if (path === null) return;
      const written = await host.call('route_export', { query, format, path });
      frame.notify(
        written.complete ? 'success' : 'warning',
        `${written.routes} routes were written to ${written.path}.${written.complete ? '' : ' Some data could not be read: the file is incomplete.'}`,
      );
    } catch (error) {
      frame.notify('error', <ErrorAlert error={error} />);
    }
  };

  const shown = COLUMNS.filter(column => columns.includes(column.id));
  const filtered = Boolean(search.text) || (search.filter?.tokens.length ?? 0) > 0;
  return (
    <Container
      disableContentPaddings
      header={
        <Header
          variant="h1"
          counter={list ? (filtered ? `(${list.matching}/${list.total})` : `(${list.total})`) : ''}
          actions={
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <Toggle checked={search.preflights ?? false} onChange={({ detail }) => change({ preflights: detail.checked || undefined })}>
                CORS preflights ({list?.preflights ?? 0})
              </Toggle>
              <Button onClick={() => setCollapsed(collapsed.length > 0 ? [] : (list?.groups ?? []).map(group => group.key))}>
                {collapsed.length > 0 ? 'Unfold all' : 'Fold all'}
              </Button>
              <Button disabled={!filtered || list?.matching === 0} onClick={() => setLimiting(true)}>
                Change limits of these
              </Button>
              <ButtonDropdown
                items={[
                  { id: 'csv', text: 'CSV' },
                  { id: 'json', text: 'JSON' },
                ]}
                onItemClick={({ detail }) => void exportTo(detail.id as ExportFormat)}
              >
                Export
              </ButtonDropdown>
            </SpaceBetween>
          }
        >
          Routes
        </Header>
      }
    >
      <div className="routes-tools">
        <RoutesFilter
          search={search}
          matching={filtered ? list?.matching : undefined}
          onChange={filter => change({ filter: filter && filter.tokens.length > 0 ? filter : undefined, text: undefined })}
          onText={text => change({ text: text || undefined }, true)}
        />
        <Select
          inlineLabelText="Group by"
          selectedOption={GROUPS.find(group => group.value === (search.group ?? 'audience')) ?? null}
          options={GROUPS}
          onChange={({ detail }) => change({ group: detail.selectedOption.value as RoutesSearch['group'] })}
        />
        <CollectionPreferences
          title="Preferences"
          confirmLabel="Confirm"
          cancelLabel="Cancel"
          preferences={{ visibleContent: columns }}
          visibleContentPreference={{
            title: 'Columns',
            options: [
              {
                label: 'Routes',
                options: COLUMNS.map(column => ({ id: column.id, label: column.header, editable: column.id !== 'path' })),
              },
            ],
          }}
          onConfirm={({ detail }) => setColumns((detail.visibleContent ?? DEFAULT_COLUMNS) as RouteProperty[])}
        />
      </div>
      <ChosenRoutes chosen={chosen} />
      {lines.error !== null && <ErrorAlert error={lines.error} retry={lines.retry} />}
      {list && list.lineCount === 0 ? (
        filtered ? (
          <EmptyState
            title="No route matches"
            action={<Button onClick={() => change({ filter: undefined, text: undefined })}>Clear the filter</Button>}
          />
        ) : (
          <EmptyState title="No routes">The open contexts have none yet, or none could be read.</EmptyState>
        )
      ) : (
        <RoutesGrid
          columns={shown}
          lineCount={list?.lineCount ?? 12}
          lineAt={lines.lineAt}
          onVisible={onVisible}
          sort={query.sort ?? null}
          onSort={onSort}
          onToggle={toggle}
          chosen={chosen.routes}
          onChoose={chosen.toggle}
          onChooseRange={(from, to) => void chooseRange(from, to)}
          openRoute={open}
          onOpen={(route: Route) => change({ route: route.id })}
          onClose={() => change({ route: undefined })}
          compact={compact}
        />
      )}
      {limiting && query.filter && (
        <LimitsModal
          selection={{ kind: 'matching', filter: query.filter }}
          what={`the ${list?.matching ?? 0} routes that match`}
          close={() => setLimiting(false)}
        />
      )}
    </Container>
  );
}
