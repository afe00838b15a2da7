import type { ReactNode } from 'react';

/** The filter of a table: a field for words, and beside it what narrows further. */
export function FilterBar({ children }: { children: ReactNode }) {
  return <div className="filter-bar">{children}</div>;
}
