import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import type { BoardRow, TenantFound } from '../../api/bindings';
import { host } from '../../api/client';
import { ErrorAlert, GapsAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';

/** Finds a tenant by a key's value, which is never part of an address, a cache or a log. */
export function WhoseKeyModal({ close, open }: { close: () => void; open: (row: BoardRow) => void }) {
  const [value, setValue] = useState('');
  const [found, setFound] = useState<TenantFound | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    setError(null);
    setFound(null);
    try {
      // Not a cached query: the request holds the value.
      setFound(await host.call('tenant_find', { value }));
      setValue('');
    } catch (thrown) {
      setError(thrown);
    } finally {
      setAsking(false);
    }
  };
  return (
    <Modal
      visible
      header="Whose key is this?"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Close</Button>
            <Button variant="primary" loading={asking} disabled={value === ''} onClick={() => void ask()}>
              Find
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <div data-testid="whose-key">
        <SpaceBetween size="m">
          <FormField label="Key value" description="It is compared in memory, and neither stored nor logged.">
            <Input
              type="password"
              value={value}
              ariaLabel="Key value"
              autoComplete={false}
              onChange={({ detail }) => setValue(detail.value)}
            />
          </FormField>
          {error !== null && <ErrorAlert error={error} />}
          {found && <GapsAlert coverage={found.coverage} />}
          {found?.rows.length === 0 && <Alert type="info">No key that could be read has this value.</Alert>}
          {found?.rows.map(row => (
            <Box key={row.id}>
              <Button
                variant="inline-link"
                onClick={() => {
                  close();
                  open(row);
                }}
              >
                {row.tenant.name}
              </Button>{' '}
              <Foreign text={`key ${row.keyId}, ${row.planName ?? 'in no plan'}`} />
            </Box>
          ))}
        </SpaceBetween>
      </div>
    </Modal>
  );
}
