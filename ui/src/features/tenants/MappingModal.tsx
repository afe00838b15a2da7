import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import type { TenantMappingPreview, WireError } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { RulesEditor } from '../rules/RulesEditor';

const FIELD = 'tenant-mapping';

/** What a text of rules would do, or what is wrong with it, a moment after the last keystroke. */
function usePreview(text: string | undefined) {
  const [answer, setAnswer] = useState<{ preview?: TenantMappingPreview; problem?: WireError }>({});
  useEffect(() => {
    if (text === undefined) return;
    let current = true;
    const timer = setTimeout(() => {
      host.call('tenant_mapping_preview', { text }).then(
        preview => current && setAnswer({ preview }),
        (error: unknown) => current && setAnswer({ problem: asWireError(error) }),
      );
    }, 250);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return answer;
}

function Moves({ preview }: { preview: TenantMappingPreview }) {
  return (
    <Table
      variant="embedded"
      ariaLabels={{ tableLabel: 'Keys that would be named otherwise' }}
      items={preview.moves}
      trackBy={move => `${move.context}/${move.keyId}`}
      empty={<Box color="text-body-secondary">All {preview.keys} keys stay whose they are.</Box>}
      columnDefinitions={[
        { id: 'key', header: 'Key', isRowHeader: true, cell: move => <Foreign text={move.keyName || move.keyId} /> },
        { id: 'before', header: 'Now', cell: move => <Foreign text={move.before?.name ?? 'nobody'} /> },
        {
          id: 'after',
          header: 'Then',
          cell: move => (
            <b>
              <Foreign text={move.after.name} />
            </b>
          ),
        },
        { id: 'reason', header: 'Known by', cell: move => <Foreign text={move.after.reason} /> },
      ]}
    />
  );
}

/** The organisation's file of whose keys are whose: edit, see which keys would move, save. */
export function MappingModal({ close }: { close: () => void }) {
  const file = useOperation('tenant_mapping_get', {});
  const invalidate = useInvalidate();
  const frame = useFrame();
  const [edit, setEdit] = useState<string | null>(null);
  const text = edit ?? file.data?.text;
  const { preview, problem } = usePreview(text);
  const save = useMutation({
    mutationFn: (saved: string) => host.call('tenant_mapping_save', { text: saved, base: file.data?.text ?? '' }),
    onSuccess: async () => {
      close();
      frame.notify('success', 'Saved: every key is named by these rules now.');
      await invalidate();
    },
  });
  const dirty = edit !== null && edit !== file.data?.text;
  const submit = () => {
    if (edit !== null && dirty && !problem) save.mutate(edit);
  };
  return (
    <Modal
      visible
      size="large"
      header="Whose keys are whose"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" disabled={!dirty || problem !== undefined} loading={save.isPending} onClick={submit}>
              Save
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <div data-testid="mapping">
        <SpaceBetween size="m">
          {file.error && <ErrorAlert error={file.error} retry={() => void file.refetch()} />}
          {save.error && <ErrorAlert error={save.error} />}
          <FormField
            stretch
            label="Rules"
            controlId={FIELD}
            description={
              file.data &&
              `${visible(file.data.path)}${file.data.exists ? '' : ' (not there yet: this is an example)'}. The first rule that names somebody decides.`
            }
            errorText={problem ? visible(problem.message) : ''}
          >
            <RulesEditor
              id={FIELD}
              label="Whose keys are whose"
              text={text ?? ''}
              place={problem?.position}
              describedBy={`${FIELD}-description ${FIELD}-error`}
              disabled={file.isPending}
              onChange={setEdit}
              onSave={submit}
            />
          </FormField>
          {preview ? (
            <>
              <Box variant="h4">
                {preview.moving === 0 ? 'No key would move' : `${preview.moving} of ${preview.keys} keys would be named otherwise`}
              </Box>
              <Moves preview={preview} />
              {preview.moving > preview.moves.length && <Box color="text-body-secondary">The first {preview.moves.length} are listed.</Box>}
            </>
          ) : (
            <Box color="text-body-secondary">{problem ? 'Mend the rules to see what they would do.' : 'Working out who would move…'}</Box>
          )}
        </SpaceBetween>
      </div>
    </Modal>
  );
}
