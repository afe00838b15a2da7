import type { ReactNode } from 'react';
import { createContext, useContext } from 'react';

/** A view's split panel and its messages, which the frame shows. */
export interface Frame {
  setPanel(panel: ReactNode | null): void;
  notify(kind: 'success' | 'error' | 'warning', content: ReactNode, action?: ReactNode): void;
}

export const FrameContext = createContext<Frame>({ setPanel: () => undefined, notify: () => undefined });

export function useFrame() {
  return useContext(FrameContext);
}
