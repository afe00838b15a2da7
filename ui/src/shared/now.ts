import { useEffect, useState } from 'react';

/** The time, ms since the epoch, again every half minute: ages on screen grow without anything else happening. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
