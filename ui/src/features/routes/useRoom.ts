import type { RefObject } from 'react';
import { useLayoutEffect, useState } from 'react';

/** Below the grid: the container's border and the layout's own space, px. */
const BELOW = 22;

/** How wide a scrolled element is, and how high it may be to end where the window ends, px. */
export function useRoom(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [room, setRoom] = useState({ width: 0, height: 400 });
  useLayoutEffect(() => {
    const measure = () => {
      const here = element.current;
      if (!here) return;
      const top = here.getBoundingClientRect().top + window.scrollY;
      const next = { width: here.clientWidth, height: Math.max(260, Math.floor(window.innerHeight - top - BELOW)) };
      setRoom(now => (now.width === next.width && now.height === next.height ? now : next));
    };
    measure();
    // Messages that come and go above the grid move it without changing its size: the page's size says so.
    const observer = new ResizeObserver(measure);
    for (const watched of [element.current, document.body, document.querySelector('main')]) if (watched) observer.observe(watched);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [element]);
  return room;
}
