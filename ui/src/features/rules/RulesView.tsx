import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';

import type { AudienceRulesPreview } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { useAttempt } from '../../shared/attempt';
import { ErrorAlert } from '../../shared/states';
import { Foreign, visible } from '../../shared/text';
import { LeaveModal } from './LeaveModal';
import { RulesEditor } from './RulesEditor';
import { usePreview } from './usePreview';

function Moves({ preview }: { preview: AudienceRulesPreview }) {
  return (
    <SpaceBetween size="s">
      {preview.idleRules.length > 0 && (
        <Alert type="info">
          {preview.idleRules.length === 1 ? `Rule ${preview.idleRules[0]} matches` : `Rules ${preview.idleRules.join(', ')} match`} no route
          of the open contexts.
        </Alert>
      )}
      <Table
        variant="embedded"
        ariaLabels={{ tableLabel: 'Routes that would move' }}
        items={preview.moves}
        trackBy="routeId"
        empty={<Box color="text-body-secondary">No route would move.</Box>}
        columnDefinitions={[
          { id: 'route', header: 'Route', isRowHeader: true, cell: move => <Foreign text={move.label} /> },
          { id: 'before', header: 'Now', width: 130, cell: move => move.before },
          { id: 'after', header: 'Then', width: 130, cell: move => <b>{move.after}</b> },
          { id: 'reason', header: 'Why', cell: move => <Foreign text={move.reason} /> },
        ]}
      />
      {preview.moving > preview.moves.length && (
        <Box color="text-body-secondary">
          The first {preview.moves.length} of {preview.moving} are listed.
        </Box>
      )}
    </SpaceBetween>
  );
}

/** What a person made of the file, and the file's text that they began from. */
interface Edit {
  text: string;
  base: string;
}

const FIELD = 'audience-rules';

/** The organisation's rules: edit, see what would move, save. */
export function RulesView() {
  const file = useOperation('audience_rules_get', {});
  const invalidate = useInvalidate();
  const frame = useFrame();
  const attempt = useAttempt();
  const [edit, setEdit] = useState<Edit | null>(null);
  const text = edit?.text ?? file.data?.text;
  const { preview, problem } = usePreview(text);
  const dirty = edit !== null && edit.text !== edit.base;
  const leaving = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true });
  const save = useMutation({
    mutationFn: (saved: Edit) => host.call('audience_rules_save', saved),
    onSuccess: async () => {
      setEdit(null);
      await invalidate();
      frame.notify('success', 'The audience rules are saved, and every route was classified again.');
    },
  });
  if (file.error && !file.data) return <ErrorAlert error={file.error} retry={() => void file.refetch()} />;

  const shown = problem ?? (edit === null ? file.data?.problem : null);
  const savable = dirty && problem === null;
  const submit = () => {
    if (edit && savable) save.mutate(edit);
  };
  const reload = () =>
    attempt(async () => {
      await host.copyText(text ?? '');
      await file.refetch();
      setEdit(null);
      save.reset();
      frame.notify('success', 'The file was read again. The text that you had is on the clipboard.');
    });
  // Anything but a mistake in the text (somebody else's save, most of all) leaves the text as it is, with a way on.
  const refused = save.error !== null && asWireError(save.error).code !== 'rules-invalid';
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={file.data && visible(`${file.data.path}${file.data.exists ? '' : ' (not there yet: this is an example)'}`)}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={!dirty}
              onClick={() => {
                setEdit(null);
                save.reset();
              }}
            >
              Discard
            </Button>
            <Button variant="primary" disabled={!savable} loading={save.isPending} onClick={submit}>
              Save
            </Button>
          </SpaceBetween>
        }
      >
        Audience rules
      </Header>
      {save.error && <ErrorAlert error={save.error} action={refused && <Button onClick={reload}>Copy my text and reload</Button>} />}
      <Container>
        <FormField
          stretch
          label="Rules"
          controlId={FIELD}
          description="The first rule that matches a route decides; a person's override and the tag stand above them, the built-in rules below."
          errorText={shown ? visible(shown.message) : ''}
        >
          <RulesEditor
            id={FIELD}
            label="Audience rules"
            text={text ?? ''}
            place={shown?.position}
            describedBy={`${FIELD}-description ${FIELD}-error`}
            disabled={file.isPending}
            onChange={next => setEdit({ text: next, base: edit?.base ?? file.data?.text ?? '' })}
            onSave={submit}
          />
        </FormField>
      </Container>
      <Container
        header={
          <Header variant="h2" counter={preview ? `(${preview.moving})` : ''}>
            Routes that would move
          </Header>
        }
      >
        {preview ? (
          <Moves preview={preview} />
        ) : (
          <Box color="text-body-secondary">{shown ? 'Mend the rules to see what they would do.' : 'Working out what would move…'}</Box>
        )}
      </Container>
      {leaving.status === 'blocked' && <LeaveModal stay={leaving.reset} leave={leaving.proceed} />}
    </SpaceBetween>
  );
}
