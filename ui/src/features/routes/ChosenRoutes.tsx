import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { LimitsModal } from '../throttles/LimitsModal';
import type { Chosen } from './useChosen';
import { placesOf } from './useChosen';

/** How many routes are picked, and what can be done with all of them at once. */
export function ChosenRoutes({ chosen }: { chosen: Chosen }) {
  const [limiting, setLimiting] = useState(false);
  const count = chosen.routes.size;
  const where = placesOf(chosen.routes.values());
  const one = count === 1 ? [...chosen.routes.values()][0] : undefined;
  return (
    <>
      <div className={count > 0 ? 'routes-chosen' : undefined} data-testid="routes-chosen">
        {/* Always there, so that a screen reader hears of the first route too. */}
        <span role="status">
          {count > 0 && (
            <>
              <strong>{count} selected</strong> <span className="routes-quiet">on {where}</span>
            </>
          )}
        </span>
        {count > 0 && (
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" onClick={() => setLimiting(true)}>
              Change limits…
            </Button>
            <Button onClick={chosen.clear}>Clear the selection</Button>
          </SpaceBetween>
        )}
      </div>
      {limiting && (
        <LimitsModal
          selection={{ kind: 'routes', routeIds: [...chosen.routes.keys()] }}
          what={one ? `${one.method} ${one.path} of ${one.apiName}, ${one.stage}` : `${count} routes on ${where}`}
          now={one?.throttle.limit}
          close={() => setLimiting(false)}
        />
      )}
    </>
  );
}
