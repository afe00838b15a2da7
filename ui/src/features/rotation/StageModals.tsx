import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ReactNode } from 'react';

import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';

function Ask(props: { header: string; ready: boolean; review: () => Promise<void>; close: () => void; children: ReactNode }) {
  const [error, setError] = useState<unknown>(null);
  const [planning, setPlanning] = useState(false);
  const review = async () => {
    setPlanning(true);
    setError(null);
    try {
      await props.review();
    } catch (thrown) {
      setError(thrown);
      setPlanning(false);
    }
  };
  return (
    <Modal
      visible
      header={props.header}
      closeAriaLabel="Close"
      onDismiss={props.close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={props.close}>Cancel</Button>
            <Button variant="primary" disabled={!props.ready} loading={planning} onClick={() => void review()}>
              Review the plan
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {error !== null && <ErrorAlert error={error} />}
        {props.children}
      </SpaceBetween>
    </Modal>
  );
}

/** How long both keys shall work. */
export function StartModal(props: { keys: number; usualDays: number; review: (days: number) => Promise<void>; close: () => void }) {
  const [days, setDays] = useState(String(props.usualDays));
  const number = /^\d{1,3}$/.test(days) && Number(days) <= 365 ? Number(days) : null;
  return (
    <Ask
      header={props.keys === 1 ? 'Begin the rotation of a key' : `Begin the rotation of ${props.keys} keys`}
      ready={number !== null}
      review={() => props.review(number ?? props.usualDays)}
      close={props.close}
    >
      <Box>A new key is made and put into the same usage plans, with what is left of their quotas. Both keys work from then on.</Box>
      <FormField
        label="Overlap"
        description="Days for which both keys shall work. The old key is not disabled before, nor while it is still used."
        errorText={number === null ? 'A whole number of days, up to 365.' : ''}
      >
        <Input value={days} ariaLabel="Overlap in days" inputMode="numeric" onChange={({ detail }) => setDays(detail.value)} />
      </FormField>
    </Ask>
  );
}

/** What speaks against the stage, and why it is taken all the same. */
export function OverrideModal(props: { header: string; held: string[]; review: (reason: string) => Promise<void>; close: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <Ask header={props.header} ready={reason.trim() !== ''} review={() => props.review(reason)} close={props.close}>
      <Alert type="warning" header="It is too early for this">
        <ul>
          {props.held.map(held => (
            <li key={held}>
              <Foreign text={held} />
            </li>
          ))}
        </ul>
      </Alert>
      <FormField label="Why it is done all the same" description="Stands in the plan and in the journal.">
        <Input value={reason} ariaLabel="Why it is done all the same" onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
    </Ask>
  );
}
