import type { ErrorCode } from './bindings';

interface Words {
  heading: string;
  severity: 'error' | 'warning' | 'info';
}

/** One table from code to words; nothing in the interface looks at a message's text. */
export const errorWords: Record<ErrorCode, Words> = {
  'invalid-input': { heading: 'This cannot be done as asked', severity: 'warning' },
  'not-found': { heading: 'It is not there any more', severity: 'warning' },
  credentials: { heading: 'Sign in again', severity: 'error' },
  denied: { heading: 'AWS denied it', severity: 'error' },
  unreachable: { heading: 'No answer', severity: 'error' },
  'read-only': { heading: 'This context is read-only', severity: 'warning' },
  'confirmation-needed': { heading: 'Confirm it first', severity: 'warning' },
  conflict: { heading: 'Somebody else was there', severity: 'warning' },
  'canary-breached': { heading: 'The candidate does harm', severity: 'error' },
  'change-failed': { heading: 'The change is not as planned', severity: 'error' },
  'journal-unusable': { heading: 'No journal, no change', severity: 'error' },
  'rules-invalid': { heading: 'The rules have a mistake', severity: 'warning' },
  'store-too-new': { heading: 'The store is newer than this program', severity: 'warning' },
  'store-unusable': { heading: 'Nothing is kept this time', severity: 'warning' },
  'store-corrupted': { heading: 'The store was damaged', severity: 'warning' },
  cancelled: { heading: 'Stopped', severity: 'info' },
  'aws-refused': { heading: 'AWS refused', severity: 'error' },
  internal: { heading: 'The program failed', severity: 'error' },
};
