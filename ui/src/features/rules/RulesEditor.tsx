import { useEffect, useRef } from 'react';

import type { InputPosition } from '../../api/bindings';
import './rules.css';

interface Props {
  id: string;
  /** What the text is, for a screen reader. */
  label: string;
  text: string;
  disabled: boolean;
  /** Where the text has a mistake. */
  place: InputPosition | null | undefined;
  describedBy: string;
  onChange(text: string): void;
  onSave(): void;
}

/** A plain text field with numbered lines: what a screen reader and an input method know how to handle. */
export function RulesEditor({ id, label, text, disabled, place, describedBy, onChange, onSave }: Props) {
  const gutter = useRef<HTMLDivElement>(null);
  const count = text.split('\n').length;
  const line = place?.line;
  useEffect(() => {
    gutter.current?.querySelector('[data-mistake="true"]')?.scrollIntoView?.({ block: 'nearest' });
  }, [line]);
  return (
    <div className="rules-editor" data-mistake={Boolean(place)}>
      <div className="rules-gutter" ref={gutter} aria-hidden="true">
        {Array.from({ length: count }, (_, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a line's number is what it is
          <div key={at} data-mistake={line === at + 1}>
            {at + 1}
          </div>
        ))}
      </div>
      <textarea
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={Boolean(place)}
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        disabled={disabled}
        value={text}
        onChange={event => onChange(event.target.value)}
        onScroll={event => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
        onKeyDown={event => {
          if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
            event.preventDefault();
            onSave();
          }
        }}
      />
    </div>
  );
}
