import Box from '@cloudscape-design/components/box';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import { useNavigate } from '@tanstack/react-router';
import type { InputProps } from '@cloudscape-design/components/input';
import { useEffect, useRef, useState } from 'react';

import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import './palette.css';

interface Entry {
  key: string;
  title: string;
  subtitle: string;
  go(): void;
}

const VIEWS = [
  { to: '/overview', title: 'Overview' },
  { to: '/routes', title: 'Routes' },
  { to: '/apis', title: 'APIs' },
  { to: '/findings', title: 'Findings' },
  { to: '/rules', title: 'Audience rules' },
  { to: '/tenants', title: 'Tenants' },
  { to: '/usage-plans', title: 'Usage plans' },
  { to: '/canaries', title: 'Canaries' },
  { to: '/waf', title: 'WAF' },
  { to: '/changes', title: 'Changes' },
  { to: '/journal', title: 'Journal' },
] as const;

/** Something that the frame can do. */
export interface PaletteAction {
  title: string;
  run(): void;
}

/** Any view, action, API or route by a few letters; arrows choose, Enter opens. */
export function Palette({ close, actions }: { close: () => void; actions: PaletteAction[] }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = useOperation('palette_search', { text, limit: 30 }, text.trim() !== '');
  const input = useRef<InputProps.Ref>(null);
  useEffect(() => setAt(0), [text]);
  useEffect(() => {
    // The dialog moves the focus to its first button once it is there; who opens the palette wants to type.
    const frame = requestAnimationFrame(() => input.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  useEffect(() => {
    document.getElementById(`palette-${at}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [at]);

  const known: Entry[] = [
    ...VIEWS.map(view => ({ key: view.to, title: view.title, subtitle: 'View', go: () => void navigate({ to: view.to }) })),
    ...actions.map(action => ({ key: action.title, title: action.title, subtitle: 'Action', go: action.run })),
  ].filter(entry => entry.title.toLowerCase().includes(text.trim().toLowerCase()));
  const items: Entry[] =
    text.trim() === ''
      ? []
      : (found.data?.items ?? []).map(item => ({
          key: `${item.kind}/${item.id}`,
          title: item.title,
          subtitle: item.subtitle,
          go: () =>
            void navigate({
              to: '/routes',
              search:
                item.kind === 'route'
                  ? { route: item.id }
                  : { filter: { operation: 'and', tokens: [{ property: 'api', operator: '=', value: item.id }] } },
            }),
        }));
  const entries = [...known, ...items];
  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    // First close, so that an action may open a dialog of its own.
    close();
    entry.go();
  };

  return (
    <Modal visible header="Find" onDismiss={close} closeAriaLabel="Close" size="large">
      <Input
        ref={input}
        type="search"
        value={text}
        onChange={({ detail }) => setText(detail.value)}
        placeholder="An API, a route, a view"
        ariaLabel="Find an API, a route or a view"
        controlId="palette-input"
        nativeInputAttributes={{
          role: 'combobox',
          'aria-expanded': true,
          'aria-controls': 'palette-list',
          'aria-autocomplete': 'list',
          'aria-activedescendant': entries[at] ? `palette-${at}` : undefined,
        }}
        onKeyDown={event => {
          const { key } = event.detail;
          if (key === 'ArrowDown') setAt(entries.length === 0 ? 0 : (at + 1) % entries.length);
          else if (key === 'ArrowUp') setAt(entries.length === 0 ? 0 : (at + entries.length - 1) % entries.length);
          else if (key === 'Enter') open(entries[at]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="palette-list" role="listbox" aria-label="Found" className="palette-list">
        {entries.map((entry, index) => (
          <li
            key={entry.key}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            className="palette-item"
            onMouseDown={() => open(entry)}
            onMouseEnter={() => setAt(index)}
          >
            <Foreign text={entry.title} />
            <Box variant="small" color="text-body-secondary">
              <Foreign text={entry.subtitle} />
            </Box>
          </li>
        ))}
      </ul>
      {found.error ? (
        <ErrorAlert error={found.error} />
      ) : (
        entries.length === 0 && <Box color="text-body-secondary">{found.isFetching ? 'Looking…' : 'Nothing has these letters.'}</Box>
      )}
    </Modal>
  );
}
