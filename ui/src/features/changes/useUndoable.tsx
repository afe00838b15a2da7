import Button from '@cloudscape-design/components/button';
import { useNavigate } from '@tanstack/react-router';

import { useFrame } from '../../app/panel';

/** Says in the frame that a change was made, with the way back to it. */
export function useUndoable() {
  const frame = useFrame();
  const navigate = useNavigate();
  return (text: string, entry: string) =>
    frame.notify(
      'success',
      text,
      <Button data-testid="undo-change" onClick={() => void navigate({ to: '/journal', search: { entry, undo: true } })}>
        Undo
      </Button>,
    );
}
