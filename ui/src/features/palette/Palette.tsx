import Box from '@cloudscape-design/components/box';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import { useOperation } from '../../api/queries';
import { Foreign } from '../../shared/text';
import './palette.css';

interface Entry {
  key: string;
  title: string;
  subtitle: string;
  go(): void;
}

const VIEWS = [
  { to: '/routes', title: 'Routes' },
  { to: '/apis', title: 'APIs' },
  { to: '/rules', title: 'Audience rules' },
] as const;

/** Any view, API or route by a few letters; arrows choose, Enter opens. */
export function Palette({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = useOperation('palette_search', { text, limit: 30 }, text.trim() !== '');
  useEffect(() => setAt(0), [text]);

  const views: Entry[] = VIEWS.filter(view => view.title.toLowerCase().includes(text.trim().toLowerCase())).map(view => ({
    key: view.to,
    title: view.title,
    subtitle: 'View',
    go: () => void navigate({ to: view.to }),
  }));
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
  const entries = [...views, ...items];
  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    entry.go();
    close();
  };

  return (
    <Modal visible header="Find" onDismiss={close} closeAriaLabel="Close" size="large">
      <Input
        autoFocus
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
          'aria-activedescendant': entries[at] ? `palette-${at}` : undefined,
        }}
        onKeyDown={event => {
          const { key } = event.detail;
          if (key === 'ArrowDown') setAt(Math.min(at + 1, entries.length - 1));
          else if (key === 'ArrowUp') setAt(Math.max(at - 1, 0));
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
      {entries.length === 0 && <Box color="text-body-secondary">Nothing has these letters.</Box>}
    </Modal>
  );
}
