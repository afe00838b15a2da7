import Box from '@cloudscape-design/components/box';
import Modal from '@cloudscape-design/components/modal';
import Table from '@cloudscape-design/components/table';

const SHORTCUTS = [
  { keys: 'Ctrl or Cmd + K', what: 'Find any API, route or view' },
  { keys: '/', what: 'Filter' },
  { keys: 'Up, Down, Page Up, Page Down, Home, End', what: 'Move through the routes' },
  { keys: 'Enter', what: 'Open a route, fold or unfold a group' },
  { keys: 'Space', what: 'Select a route, with Shift every one up to it' },
  { keys: 'Shift + B', what: 'Roll back a canary, from anywhere' },
  { keys: 'Escape', what: 'Close the panel or dialog' },
  { keys: '?', what: 'This list' },
];

export function ShortcutsModal({ close }: { close: () => void }) {
  return (
    <Modal visible header="Keyboard shortcuts" onDismiss={close} closeAriaLabel="Close">
      <Table
        variant="borderless"
        ariaLabels={{ tableLabel: 'Keyboard shortcuts' }}
        items={SHORTCUTS}
        columnDefinitions={[
          { id: 'keys', header: 'Keys', cell: row => <Box variant="code">{row.keys}</Box> },
          { id: 'what', header: 'What it does', cell: row => row.what },
        ]}
      />
    </Modal>
  );
}
