import Pagination from '@cloudscape-design/components/pagination';

/** What the buttons of a page say to readers of screens. */
export const PAGE_WORDS = {
  nextPageLabel: 'Next page',
  previousPageLabel: 'Previous page',
  pageLabel: (page: number) => `Page ${page}`,
};

interface Props {
  /** The page that is shown, from 1. */
  page: number;
  /** How many there are of what the table lists. */
  items: number;
  /** How many a page has. */
  size: number;
  go: (page: number) => void;
}

/** The pages of a table; nothing where one has it all. */
export function Pages({ page, items, size, go }: Props) {
  if (items <= size) return null;
  return (
    <Pagination
      currentPageIndex={page}
      pagesCount={Math.ceil(items / size)}
      ariaLabels={PAGE_WORDS}
      onChange={({ detail }) => go(detail.currentPageIndex)}
    />
  );
}
