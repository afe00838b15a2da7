import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';

/** Asked when a view is left with text that was not saved. */
export function LeaveModal({ stay, leave }: { stay: () => void; leave: () => void }) {
  return (
    <Modal
      visible
      header="Leave without saving?"
      closeAriaLabel="Close"
      onDismiss={stay}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={stay}>Keep editing</Button>
            <Button variant="primary" onClick={leave}>
              Discard and leave
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      The rules have changes that were not saved.
    </Modal>
  );
}
