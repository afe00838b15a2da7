import type { ReactNode } from 'react';
import { createContext, useContext } from 'react';

import type { StageName } from '../api/bindings';

/** A view's split panel and its messages, which the frame shows. */
export interface Frame {
  setPanel(panel: ReactNode | null): void;
  /** Plans to take a stage's release back; asks which one when none is named. */
  rollBack(stage?: StageName): void;
  notify(kind: 'success' | 'error' | 'warning', content: ReactNode, action?: ReactNode): void;
}

export const FrameContext = createContext<Frame>({ setPanel: () => undefined, rollBack: () => undefined, notify: () => undefined });

export function useFrame() {
  return useContext(FrameContext);
}
