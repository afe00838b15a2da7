import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';

import type { Finding, NewException } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';

/** Accepts a finding until a day, or takes that back. */
export function ExceptionModal({ finding, close }: { finding: Finding; close(): void }) {
  const invalidate = useInvalidate();
  const [reason, setReason] = useState(finding.exception?.reason ?? '');
  const [owner, setOwner] = useState(finding.exception?.owner ?? '');
  const [expires, setExpires] = useState(finding.exception?.expires ?? '');
  const [error, setError] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const save = async (exception: NewException | null) => {
    setSaving(true);
    try {
      await host.call('finding_exception_set', { findingId: finding.id, exception });
      await invalidate();
      close();
    } catch (failure) {
      setError(failure);
      setSaving(false);
    }
  };
  return (
    <Modal
      visible
      onDismiss={close}
      closeAriaLabel="Close"
      header="Accept this finding for a time"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {finding.exception && (
              <Button disabled={saving} onClick={() => void save(null)}>
                Take it back
              </Button>
            )}
            <Button variant="link" onClick={close}>
              Cancel
            </Button>
            <Button
              variant="primary"
              loading={saving}
              disabled={!reason.trim() || !owner.trim() || !expires}
              onClick={() => void save({ reason, owner, expires })}
            >
              Accept
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {error !== null && <ErrorAlert error={error} />}
        <Box variant="p">It stays in every export, with this reason. It does not count until the day is over, then it counts again.</Box>
        <FormField label="Reason" description="Shown to whoever reviews it.">
          <Textarea value={reason} rows={3} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
        <FormField label="Owner" description="Who answers for it: a person or a team.">
          <Input value={owner} onChange={({ detail }) => setOwner(detail.value)} />
        </FormField>
        <FormField label="Until" description="The last day on which it holds, at most a year ahead." constraintText="YYYY-MM-DD, UTC">
          <DatePicker
            value={expires}
            placeholder="YYYY-MM-DD"
            format="iso"
            openCalendarAriaLabel={() => 'Choose a day'}
            onChange={({ detail }) => setExpires(detail.value)}
          />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
