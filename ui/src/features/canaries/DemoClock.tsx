import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { useQuery } from '@tanstack/react-query';

import { host } from '../../api/client';
import { useInvalidate } from '../../api/queries';
import { useAttempt } from '../../shared/attempt';
import { clock } from './words';

const SPEEDS = [1, 10, 60];

function useDemoClock() {
  return useQuery({
    queryKey: ['demo_clock_set'],
    queryFn: () => host.call('demo_clock_set', { speed: null }),
    refetchInterval: 5_000,
  });
}

/** How many times as fast as time the program's clock runs. */
export function useDemoSpeed(): number {
  return useDemoClock().data?.speed ?? 1;
}

/** How fast time passes on the demo account; nothing where it is not the demo's to say. */
export function DemoClock() {
  const attempt = useAttempt();
  const invalidate = useInvalidate();
  const query = useDemoClock();
  if (!query.data?.settable) return null;
  return (
    <div data-testid="demo-clock">
      <SegmentedControl
        label={`Demo time, ${clock(query.data.now)} UTC`}
        selectedId={String(query.data.speed)}
        options={SPEEDS.map(speed => ({ id: String(speed), text: speed === 1 ? 'Demo time: as it is' : `${speed} times as fast` }))}
        onChange={({ detail }) =>
          attempt(async () => {
            await host.call('demo_clock_set', { speed: Number(detail.selectedId) });
            await invalidate();
          })
        }
      />
    </div>
  );
}
