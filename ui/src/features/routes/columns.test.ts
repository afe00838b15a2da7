import { expect, test } from 'vitest';

import { COLUMNS, DEFAULT_COLUMNS, columnsThatFit } from './columns';

const shown = COLUMNS.filter(column => DEFAULT_COLUMNS.includes(column.id));
const room = (columns: typeof COLUMNS) => columns.reduce((sum, column) => sum + column.width, 0);

test.each([1600, 1100, 900, 700, 500, 300])('what is left at %i px fits and keeps its order', width => {
  const left = columnsThatFit(shown, width);
  expect(room(left)).toBeLessThanOrEqual(width);
  expect(left).toEqual(shown.filter(column => left.includes(column)));
});

test('the path stays however narrow it gets, and nothing goes where everything fits', () => {
  expect(columnsThatFit(shown, 10).map(column => column.id)).toEqual(['path']);
  expect(columnsThatFit(shown, room(shown))).toEqual(shown);
});

test('who is asked and how much is let through outlive the web ACL and the key', () => {
  const ids = columnsThatFit(shown, 640).map(column => column.id);
  expect(ids).toEqual(expect.arrayContaining(['method', 'path', 'authorizationType', 'rateLimit']));
  expect(ids).not.toContain('wafAcl');
  expect(ids).not.toContain('apiKeyRequired');
});
