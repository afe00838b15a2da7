import { useEffect } from 'react';

/** How often a change that is under way is looked at, ms. */
const AGAIN = 2_000;

/** Looks again as long as a change is under way: another program does not say when it is done. */
export function useAgain(underWay: boolean, look: () => Promise<unknown>) {
  useEffect(() => {
    const timer = underWay ? setInterval(() => void look(), AGAIN) : undefined;
    return () => clearInterval(timer);
  }, [underWay, look]);
}
