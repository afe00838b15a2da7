import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import type { AudienceRulesPreview, WireError } from '../../api/bindings';
import { asWireError, host } from '../../api/client';
import { useInvalidate, useOperation } from '../../api/queries';
import { useFrame } from '../../app/panel';
import { ErrorAlert } from '../../shared/states';
import { Foreign } from '../../shared/text';
import './rules.css';

/** The preview of a text, or what is wrong with it, a moment after the last keystroke. */
function usePreview(text: string | undefined) {
  const [preview, setPreview] = useState<AudienceRulesPreview | null>(null);
  const [problem, setProblem] = useState<WireError | null>(null);
  useEffect(() => {
    if (text === undefined) return;
    let current = true;
    const timer = setTimeout(() => {
      host.call('audience_rules_preview', { text }).then(
        answer => {
          if (!current) return;
          setPreview(answer);
          setProblem(null);
        },
        error => {
          if (!current) return;
          setPreview(null);
          setProblem(asWireError(error));
        },
      );
    }, 250);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return { preview, problem };
}

function Moves({ preview }: { preview: AudienceRulesPreview }) {
  return (
    <SpaceBetween size="s">
      {preview.idleRules.length > 0 && (
        <Alert type="info">
          {preview.idleRules.length === 1 ? 'Rule' : 'Rules'} {preview.idleRules.join(', ')} match no route of the open contexts.
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
          { id: 'before', header: 'Now', cell: move => move.before },
          { id: 'after', header: 'Then', cell: move => <b>{move.after}</b> },
          { id: 'reason', header: 'Why', cell: move => <Foreign text={move.reason} /> },
        ]}
      />
    </SpaceBetween>
  );
}

/** The organisation's rules: edit, see what would move, save. */
export function RulesView() {
  const file = useOperation('audience_rules_get', {});
  const invalidate = useInvalidate();
  const frame = useFrame();
  const [edited, setEdited] = useState<string | null>(null);
  const text = edited ?? file.data?.text;
  const { preview, problem } = usePreview(text);
  const dirty = edited !== null && edited !== file.data?.text;
  const save = useMutation({
    mutationFn: () => host.call('audience_rules_save', { text: text ?? '', base: file.data?.text ?? '' }),
    onSuccess: async () => {
      setEdited(null);
      await invalidate();
      frame.notify('success', 'The audience rules are saved, and every route was classified again.');
    },
  });
  useEffect(() => {
    const guard = (event: BeforeUnloadEvent) => {
      if (dirty) event.preventDefault();
    };
    window.addEventListener('beforeunload', guard);
    return () => window.removeEventListener('beforeunload', guard);
  }, [dirty]);
  if (file.error) return <ErrorAlert error={file.error} retry={() => void file.refetch()} />;
  const shown = problem ?? (edited === null ? file.data?.problem : null);
  const place = shown?.position;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={file.data && `${file.data.path}${file.data.exists ? '' : ' (not there yet: this is an example)'}`}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!dirty} onClick={() => setEdited(null)}>
              Discard
            </Button>
            <Button variant="primary" disabled={!dirty || problem !== null} loading={save.isPending} onClick={() => save.mutate()}>
              Save
            </Button>
          </SpaceBetween>
        }
      >
        Audience rules
      </Header>
      {save.error && <ErrorAlert error={save.error} />}
      <Container>
        <FormField
          stretch
          label="Rules"
          description="The first rule that matches a route decides; a person's override and the tag stand above them, the built-in rules below."
          errorText={
            shown
              ? `${place ? `Line ${place.line}, column ${place.column}${place.field ? `, ${place.field}` : ''}: ` : ''}${shown.message}`
              : ''
          }
        >
          <div className="rules-text">
            <Textarea
              value={text ?? ''}
              rows={22}
              spellcheck={false}
              ariaLabel="Audience rules"
              onChange={({ detail }) => setEdited(detail.value)}
              disabled={file.isPending}
            />
          </div>
        </FormField>
      </Container>
      <Container
        header={
          <Header variant="h2" counter={preview ? `(${preview.moving})` : ''}>
            Routes that would move
          </Header>
        }
      >
        {preview ? <Moves preview={preview} /> : <Box color="text-body-secondary">Mend the rules to see what they would do.</Box>}
      </Container>
    </SpaceBetween>
  );
}
