import Badge from '@cloudscape-design/components/badge';
import Icon from '@cloudscape-design/components/icon';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef, useState } from 'react';

import type { Route, RouteGroup, RouteLine, RouteProperty } from '../../api/bindings';
import { Foreign, visible } from '../../shared/text';
import { columnsThatFit } from './columns';
import type { Column } from './columns';
import { canBeChosen } from './useChosen';
import { useRoom } from './useRoom';
import './routes.css';

interface Props {
  columns: Column[];
  lineCount: number;
  lineAt(index: number): RouteLine | undefined;
  /** Which lines are on screen, so that their pages are fetched. */
  onVisible(first: number, last: number): void;
  sort: { property: RouteProperty; descending: boolean } | null;
  onSort(property: RouteProperty): void;
  onToggle(group: string): void;
  /** The routes that are picked, by id. */
  chosen: ReadonlyMap<string, Route>;
  onChoose(route: Route): void;
  /** Picks every route between two lines. */
  onChooseRange(from: number, to: number): void;
  openRoute: string | undefined;
  onOpen(route: Route): void;
  onClose(): void;
  compact: boolean;
}

/** Width of the boxes to tick, px. */
const BOX = 36;

const SIGNALS: [keyof RouteGroup['signals'], string, 'red' | 'severity-medium' | 'grey' | 'blue'][] = [
  ['open', 'open', 'red'],
  ['uncovered', 'without web ACL', 'severity-medium'],
  ['unthrottled', 'without own limit', 'grey'],
  ['drifted', 'draft differs', 'severity-medium'],
  ['canary', 'with canary', 'blue'],
];

function GroupLine({ group, collapsed }: { group: RouteGroup; collapsed: boolean }) {
  return (
    <div role="gridcell" className="routes-group-cell">
      <Icon name={collapsed ? 'caret-right-filled' : 'caret-down-filled'} />
      <strong>
        <Foreign text={group.label} />
      </strong>
      <span className="routes-quiet">({group.count})</span>
      {SIGNALS.filter(([name]) => group.signals[name] > 0).map(([name, words, colour]) => (
        <Badge key={name} color={colour}>
          {group.signals[name]} {words}
        </Badge>
      ))}
    </div>
  );
}

/** Group headers and routes, drawn as a Cloudscape table, of which only what is on screen exists. */
export function RoutesGrid(props: Props) {
  const { lineCount, lineAt, onVisible, sort, onSort, onToggle, openRoute, onOpen, onClose, compact } = props;
  const { chosen, onChoose, onChooseRange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const room = useRoom(scroller);
  // Beside the panel what does not fit is let go; without it every chosen column is there, scrolled to if it must be.
  const columns = openRoute && room.width > 0 ? columnsThatFit(props.columns, room.width - BOX) : props.columns;
  const [active, setActive] = useState(0);
  // Where the last box was ticked: from here a range goes.
  const [anchor, setAnchor] = useState(0);
  const rowHeight = compact ? 30 : 38;
  const rows = useVirtualizer({ count: lineCount, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onVisible(first, last), [first, last, onVisible]);
  useEffect(() => rows.measure(), [rows, rowHeight]);
  const at = Math.min(active, Math.max(0, lineCount - 1));

  const move = (to: number) => {
    const next = Math.max(0, Math.min(lineCount - 1, to));
    setActive(next);
    rows.scrollToIndex(next);
  };
  const activate = (index: number) => {
    setActive(index);
    const line = lineAt(index);
    if (line?.line === 'group') onToggle(line.group.key);
    else if (line?.line === 'route') onOpen(line.route);
  };
  const choose = (index: number, route: Route, asFarAs: boolean) => {
    setActive(index);
    if (asFarAs) {
      onChooseRange(anchor, index);
      return;
    }
    setAnchor(index);
    onChoose(route);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowHeight) - 2);
    const line = lineAt(at);
    const folded = line?.line === 'group' ? line.collapsed : undefined;
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(at + 1),
      ArrowUp: () => move(at - 1),
      PageDown: () => move(at + page),
      PageUp: () => move(at - page),
      Home: () => move(0),
      End: () => move(lineCount - 1),
      Enter: () => activate(at),
      ' ': () => (line?.line === 'route' ? choose(at, line.route, event.shiftKey) : activate(at)),
      Escape: onClose,
      ArrowRight: () => (folded === true ? activate(at) : undefined),
      ArrowLeft: () => (folded === false ? activate(at) : undefined),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  const widths = columns.map(({ width, share }) => (share ? `minmax(${width}px, ${share}fr)` : `${width}px`));
  const template = [`${BOX}px`, ...widths].join(' ');
  const minWidth = columns.reduce((sum, column) => sum + column.width, BOX);
  return (
    <div
      ref={scroller}
      className="routes-grid"
      role="treegrid"
      aria-label="Routes"
      aria-multiselectable
      aria-rowcount={lineCount + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={lineCount > 0 ? `line-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid="routes-grid"
      data-compact={compact}
      style={{ height: room.height }}
    >
      <div role="row" aria-rowindex={1} className="routes-head" style={{ gridTemplateColumns: template, minWidth }}>
        <div role="columnheader" aria-label="Selected" />
        {columns.map(column => {
          const sorted = sort?.property === column.id;
          return (
            <div key={column.id} role="columnheader" aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
              <button type="button" tabIndex={-1} onClick={() => onSort(column.id)}>
                {column.header}
                {sorted && <Icon name={sort.descending ? 'caret-down-filled' : 'caret-up-filled'} />}
              </button>
            </div>
          );
        })}
      </div>
      <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {items.map(item => {
          const line = lineAt(item.index);
          const group = line?.line === 'group' ? line : undefined;
          const route = line?.line === 'route' ? line.route : undefined;
          return (
            <div
              key={item.key}
              id={`line-${item.index}`}
              role="row"
              aria-rowindex={item.index + 2}
              aria-level={group ? 1 : 2}
              aria-expanded={group ? !group.collapsed : undefined}
              aria-selected={route ? chosen.has(route.id) : undefined}
              aria-current={route && route.id === openRoute ? true : undefined}
              className={group ? 'routes-row routes-group' : 'routes-row'}
              data-active={item.index === at}
              data-group={group?.group.key}
              data-route-id={route?.id}
              style={{ gridTemplateColumns: template, minWidth, height: rowHeight, transform: `translateY(${item.start}px)` }}
              onClick={() => activate(item.index)}
            >
              {group && <GroupLine group={group.group} collapsed={group.collapsed} />}
              {route && (
                // The whole cell is the box: a click beside it by a hair must not open the route.
                <div
                  role="gridcell"
                  className="routes-box"
                  onClick={event => {
                    event.stopPropagation();
                    if (canBeChosen(route)) choose(item.index, route, event.shiftKey);
                  }}
                >
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    readOnly
                    checked={chosen.has(route.id)}
                    disabled={!canBeChosen(route)}
                    title={canBeChosen(route) ? undefined : 'Not deployed yet: it has no limit to change'}
                    aria-label={`Select ${route.method} ${visible(route.path)} of ${visible(route.apiName)}, ${visible(route.stage)}`}
                  />
                </div>
              )}
              {route &&
                columns.map(column => (
                  <div role="gridcell" key={column.id} className="routes-cell">
                    {column.cell(route)}
                  </div>
                ))}
              {!line && <div role="gridcell" className="routes-skeleton" aria-label="Loading" />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
