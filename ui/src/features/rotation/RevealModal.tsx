import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';

import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import { Protected } from '../changes/PlanDialog';

/** One key's value, for as long as this is open. Saved to a file, it never comes into the window. */
export function RevealModal({ keyId, keyName, context, close }: { keyId: string; keyName: string; context: string; close: () => void }) {
  const frame = useFrame();
  const [reason, setReason] = useState('');
  const [value, setValue] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const contexts = useOperation('context_list', {}).data?.open ?? [];
  const guarded = contexts.filter(open => open.label === context && open.access.protected);
  const named = guarded.every(open => typed[open.label] === open.label);
  useEffect(() => () => setValue(null), []);
  const reveal = async (path: string | null) => {
    setError(null);
    try {
      const answer = await host.call('key_reveal', { context, keyId, reason, typed: typed[context] ?? null, path });
      setValue(answer.value ?? null);
      if (answer.path) {
        frame.notify('success', 'The value was written to the file; only you can read it.');
        close();
      }
    } catch (thrown) {
      setError(thrown);
    }
  };
  const save = async () => {
    const path = await host.chooseSavePath('key.txt');
    if (path !== null) await reveal(path);
  };
  const copy = async (text: string) => {
    try {
      await host.copySecret(text);
      frame.notify('success', 'Copied. The clipboard is cleared in 60 seconds, unless it holds something else by then.');
      close();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Modal
      visible
      header="Hand the key's value over"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <Button onClick={close}>Close</Button>
        </Box>
      }
    >
      <div data-testid="reveal">
        <SpaceBetween size="m">
          {error !== null && <ErrorAlert error={error} />}
          <Box>
            Key <Foreign text={`${keyName} (${keyId})`} />
          </Box>
          {value === null ? (
            <SpaceBetween size="m">
              <FormField label="Why" description="The journal notes who asked and why, without the value.">
                <Input value={reason} ariaLabel="Why" onChange={({ detail }) => setReason(detail.value)} />
              </FormField>
              <Protected contexts={guarded} typed={typed} onTyped={setTyped} />
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={!named} onClick={() => void reveal(null)}>
                  Show
                </Button>
                <Button disabled={!named} onClick={() => void save()}>
                  Save to a file
                </Button>
              </SpaceBetween>
            </SpaceBetween>
          ) : (
            <SpaceBetween size="m">
              <Box variant="code" display="block">
                {value}
              </Box>
              <Button iconName="copy" onClick={() => void copy(value)}>
                Copy, and clear after 60 seconds
              </Button>
              <Alert type="info">It is gone from the window when this is closed.</Alert>
            </SpaceBetween>
          )}
        </SpaceBetween>
      </div>
    </Modal>
  );
}
