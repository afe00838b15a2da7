import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

import type { Coverage, Gap, WireError } from '../api/bindings';
import { asWireError } from '../api/client';
import { errorWords } from '../api/errors';
import { Foreign, visible } from './text';

function ErrorBody({ wire }: { wire: WireError }) {
  return (
    <>
      <Foreign text={wire.message} />
      {wire.hint && (
        <div>
          <Foreign text={wire.hint} />
        </div>
      )}
      {wire.details && wire.details.length > 0 && (
        <ul>
          {wire.details.map(detail => (
            <li key={detail}>
              <Foreign text={detail} />
            </li>
          ))}
        </ul>
      )}
      {wire.requestId && (
        <Box variant="small" display="block" color="inherit">
          AWS request id {visible(wire.requestId)}
        </Box>
      )}
    </>
  );
}

/** An error in a message of the frame, which brings its own colour and icon. */
export function ErrorWords({ error }: { error: unknown }) {
  const wire = asWireError(error);
  return (
    <>
      <strong>{errorWords[wire.code].heading}.</strong> <ErrorBody wire={wire} />
    </>
  );
}

/** An error with what to do next and AWS's request id. */
export function ErrorAlert({ error, retry, action }: { error: unknown; retry?: () => void; action?: ReactNode }) {
  const wire = asWireError(error);
  const words = errorWords[wire.code];
  return (
    <Alert type={words.severity} header={words.heading} action={action ?? (retry && <Button onClick={retry}>Try again</Button>)}>
      <ErrorBody wire={wire} />
    </Alert>
  );
}

/** Nothing to show, and why. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Box textAlign="center" color="inherit" padding="xxl">
      <SpaceBetween size="s">
        <Box variant="strong" color="inherit">
          {title}
        </Box>
        {children && <Box color="text-body-secondary">{children}</Box>}
        {action}
      </SpaceBetween>
    </Box>
  );
}

function GapLine({ gap }: { gap: Gap }) {
  return (
    <li>
      <Foreign text={gap.message} />
      <Box variant="small" display="block">
        {visible(gap.context)}, {gap.service}:{gap.operation} answered {visible(gap.code)}
        {gap.requestId ? `, request ${visible(gap.requestId)}` : ''}
      </Box>
    </li>
  );
}

/** What could not be read. Everything else stays on screen. */
export function GapsAlert({ coverage, heading }: { coverage: Coverage; heading?: string }) {
  if (coverage.complete) return null;
  const count = coverage.gaps.length;
  return (
    <div data-testid="gaps">
      <Alert type="warning" header={heading ?? (count === 1 ? 'One thing could not be read' : `${count} things could not be read`)}>
        What is shown below is incomplete.
        <ExpandableSection headerText="What is missing" defaultExpanded={count <= 2}>
          <ul>
            {coverage.gaps.slice(0, 50).map((gap, at) => (
              // oxlint-disable-next-line react/no-array-index-key -- gaps have no id and never move
              <GapLine key={at} gap={gap} />
            ))}
          </ul>
          {count > 50 && <div>and {count - 50} more</div>}
        </ExpandableSection>
      </Alert>
    </div>
  );
}

/** How long ago, in words. */
export function ageOf(readAt: string, now: number): string {
  const minutes = Math.max(0, Math.round((now - Date.parse(readAt)) / 60_000));
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}
