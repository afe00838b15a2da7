import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { AlarmSubject, CoverageLine } from '../../api/bindings';
import { host } from '../../api/client';
import { useOperation } from '../../api/queries';
import { ErrorAlert } from '../../shared/states';
import { visible } from '../../shared/text';
import { PlanDialog } from '../changes/PlanDialog';
import { SUBJECTS } from './words';

/** What AWS recommends, as a person types it. */
const RECOMMENDED: Record<AlarmSubject, { threshold: string; unit: string; datapoints: string; periods: string }> = {
  'server-errors': { threshold: '5', unit: 'percent of the requests', datapoints: '3', periods: '3' },
  'client-errors': { threshold: '5', unit: 'percent of the requests', datapoints: '5', periods: '5' },
  latency: { threshold: '', unit: 'ms at the 90th percentile', datapoints: '5', periods: '5' },
};

const ALL: AlarmSubject[] = ['server-errors', 'client-errors', 'latency'];
const NOBODY = { value: '', label: 'Nobody', description: 'The alarms change colour and tell nobody.' };
const OTHER = { value: 'other', label: 'Another topic', description: 'By its ARN.' };

interface Props {
  lines: CoverageLine[];
  close: () => void;
}

/** Which thresholds and whom to tell; then the plan. */
export function CreateAlarmsModal({ lines, close }: Props) {
  const context = lines[0]?.row.context ?? '';
  const contexts = new Set(lines.map(line => line.row.context));
  const topics = useOperation('topic_list', { context }, context !== '');
  const [thresholds, setThresholds] = useState(RECOMMENDED);
  const [topic, setTopic] = useState<string | null>(null);
  const [other, setOther] = useState('');
  const [tellOk, setTellOk] = useState(false);
  const options = [
    ...(topics.data?.items ?? []).map(one => ({
      value: one.arn,
      label: visible(one.name),
      description: one.alarms === 0 ? 'no alarm tells it yet' : one.alarms === 1 ? 'one alarm tells it' : `${one.alarms} alarms tell it`,
    })),
    OTHER,
    NOBODY,
  ];
  // The topic that most alarms tell already, until somebody chooses.
  const first = topics.data?.items[0];
  const value = topic ?? (first && first.alarms > 0 ? first.arn : null);
  const arn = value === 'other' ? other.trim() : value;
  const make = useMutation({
    mutationFn: () =>
      host.call('alarm_create', {
        wanted: lines.map(({ row, missing }) => ({
          stage: { context: row.context, apiId: row.apiId, stage: row.stage },
          routeId: row.routeId ?? null,
          subjects: missing,
        })),
        topicArn: arn === '' ? null : arn,
        tellOk: tellOk && arn !== '',
        thresholds: ALL.map(subject => ({
          subject,
          threshold: thresholds[subject].threshold,
          datapoints: thresholds[subject].datapoints,
          periods: thresholds[subject].periods,
        })),
      }),
  });
  if (make.data) return <PlanDialog plan={make.data} close={close} />;
  const subjects = ALL.filter(subject => lines.some(line => line.missing.includes(subject)));
  const count = lines.reduce((sum, line) => sum + line.missing.length, 0);
  const set = (subject: AlarmSubject, change: Partial<(typeof RECOMMENDED)[AlarmSubject]>) =>
    setThresholds(now => ({ ...now, [subject]: { ...now[subject], ...change } }));
  return (
    <Modal
      visible
      size="large"
      header={count === 1 ? 'Create an alarm' : `Create ${count} alarms`}
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button
              variant="primary"
              loading={make.isPending}
              disabled={arn === null || (value === 'other' && arn === '')}
              onClick={() => make.mutate()}
            >
              Review the plan
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="l">
        {make.error && <ErrorAlert error={make.error} />}
        {topics.error && <ErrorAlert error={topics.error} retry={() => void topics.refetch()} />}
        {topics.data && !topics.data.coverage.complete && (
          <Alert type="warning">
            {topics.data.coverage.gaps.map(gap => (
              <div key={gap.message}>{visible(gap.message)}</div>
            ))}
            Topics that alarms tell already are offered all the same, and any other can be named by its ARN.
          </Alert>
        )}
        {contexts.size > 1 && <Alert type="info">A topic is of one region: choose stages of one context at a time to tell somebody.</Alert>}
        <FormField label="Whom to tell" description="An SNS topic of the account. Whether anybody has subscribed to it is not checked.">
          <Select
            data-testid="alarm-topic"
            selectedOption={options.find(option => option.value === value) ?? null}
            options={options}
            placeholder="Choose a topic"
            statusType={topics.isPending ? 'loading' : 'finished'}
            loadingText="Reading the topics"
            onChange={({ detail }) => setTopic(detail.selectedOption.value ?? '')}
          />
        </FormField>
        {value === 'other' && (
          <FormField label="ARN of the topic">
            <Input
              value={other}
              ariaLabel="ARN of the topic"
              placeholder="arn:aws:sns:eu-west-1:111122223333:oncall"
              onChange={({ detail }) => setOther(detail.value)}
            />
          </FormField>
        )}
        {value !== '' && (
          <Checkbox checked={tellOk} onChange={({ detail }) => setTellOk(detail.checked)}>
            Tell it too when all is well again
          </Checkbox>
        )}
        {subjects.map(subject => {
          const now = thresholds[subject];
          return (
            <div key={subject} role="group" aria-label={SUBJECTS[subject]}>
              <Box variant="h4">{SUBJECTS[subject]}</Box>
              <ColumnLayout columns={3}>
                <FormField label="Goes off at more than" constraintText={now.unit}>
                  <Input
                    value={now.threshold}
                    inputMode="decimal"
                    ariaLabel={`${SUBJECTS[subject]}: threshold`}
                    placeholder={subject === 'latency' ? '2500 (2000 for WebSocket)' : ''}
                    onChange={({ detail }) => set(subject, { threshold: detail.value })}
                  />
                </FormField>
                <FormField label="In so many minutes">
                  <Input
                    value={now.datapoints}
                    inputMode="numeric"
                    ariaLabel={`${SUBJECTS[subject]}: breaching minutes`}
                    onChange={({ detail }) => set(subject, { datapoints: detail.value })}
                  />
                </FormField>
                <FormField label="Of the last">
                  <Input
                    value={now.periods}
                    inputMode="numeric"
                    ariaLabel={`${SUBJECTS[subject]}: minutes`}
                    onChange={({ detail }) => set(subject, { periods: detail.value })}
                  />
                </FormField>
              </ColumnLayout>
            </div>
          );
        })}
        <Box variant="small" color="text-body-secondary">
          The numbers are those that AWS recommends. Nothing is changed yet: the next step shows every alarm, and asks.
        </Box>
      </SpaceBetween>
    </Modal>
  );
}
