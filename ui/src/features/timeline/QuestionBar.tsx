import DateInput from '@cloudscape-design/components/date-input';
import DateRangePicker from '@cloudscape-design/components/date-range-picker';
import type { DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import type { SelectProps } from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';

import type { EventFacets, EventMoment } from '../../api/bindings';
import { useOperation } from '../../api/queries';
import { visible } from '../../shared/text';
import { momentOf } from '../../shared/moment';
import { HOUR, QUESTIONS } from './search';
import type { Question, TimelineSearch } from './search';

const LENGTHS = [15, 30, HOUR, 4 * HOUR, 24 * HOUR].map(minutes => ({
  value: String(minutes),
  label: minutes < HOUR ? `${minutes} minutes` : minutes === HOUR ? '1 hour' : `${minutes / HOUR} hours`,
}));

const RELATIVE: DateRangePickerProps.RelativeOption[] = [
  { key: 'h1', amount: 1, unit: 'hour', type: 'relative' },
  { key: 'h24', amount: 24, unit: 'hour', type: 'relative' },
  { key: 'd7', amount: 7, unit: 'day', type: 'relative' },
  { key: 'd30', amount: 30, unit: 'day', type: 'relative' },
  { key: 'd90', amount: 90, unit: 'day', type: 'relative' },
];

const HOURS: Record<string, number> = { minute: 1 / 60, hour: 1, day: 24, week: 168, month: 730, year: 8760 };

interface Props {
  search: TimelineSearch;
  facets: EventFacets | undefined;
  onChange(change: Partial<TimelineSearch>): void;
}

/** What is asked, about which moment or whom, and in which time. */
export function QuestionBar({ search, facets, onChange }: Props) {
  const ask = search.ask ?? 'everything';
  const options = QUESTIONS.map(one => ({ value: one.id, label: one.text, description: one.more }));
  const aboutMoment = ask === 'before' || ask === 'around';
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="end">
      <FormField label="Question">
        <div className="timeline-question">
          <Select
            data-testid="timeline-question"
            selectedOption={options.find(one => one.value === ask) ?? null}
            options={options}
            onChange={({ detail }) => {
              const asked = detail.selectedOption.value as Question;
              onChange({ ask: asked === 'everything' ? undefined : asked, moment: undefined, principals: undefined });
            }}
          />
        </div>
      </FormField>
      {ask === 'principal' && <Somebody search={search} facets={facets} onChange={onChange} />}
      {aboutMoment ? <Moment search={search} onChange={onChange} /> : <Range search={search} onChange={onChange} />}
    </SpaceBetween>
  );
}

function Somebody({ search, facets, onChange }: Props) {
  const people: SelectProps.Option[] = (facets?.principals ?? []).map(one => ({
    value: one.value,
    label: visible(one.label),
    description: visible(one.value),
    labelTag: `${one.count}`,
  }));
  const chosen = search.principals?.[0];
  return (
    <FormField label="Who">
      <div className="timeline-question">
        <Select
          data-testid="timeline-who"
          filteringType="auto"
          placeholder="Choose somebody"
          empty="Nobody in this time"
          selectedOption={people.find(one => one.value === chosen) ?? (chosen ? { value: chosen, label: visible(chosen) } : null)}
          options={people}
          onChange={({ detail }) => onChange({ principals: detail.selectedOption.value ? [detail.selectedOption.value] : undefined })}
        />
      </div>
    </FormField>
  );
}

const alarmKey = (moment: EventMoment) => `${moment.context} ${moment.alarm}`;

/** An alarm, or any moment, and how long to look. */
function Moment({ search, onChange }: Pick<Props, 'search' | 'onChange'>) {
  const moments = useOperation('event_moment_list', {});
  const alarms = moments.data?.items ?? [];
  const options = alarms.map(moment => ({
    value: alarmKey(moment),
    label: visible(moment.alarm),
    description: `${moment.burning ? 'In alarm' : 'Quiet'} since ${momentOf(moment.at)}`,
    tags: moment.burning ? ['in alarm'] : [],
  }));
  const chosen = alarms.find(moment => search.moment && Date.parse(moment.at) === Date.parse(search.moment));
  const local = search.moment ? new Date(search.moment) : null;
  const two = (number: number) => String(number).padStart(2, '0');
  const day = local ? `${local.getFullYear()}/${two(local.getMonth() + 1)}/${two(local.getDate())}` : '';
  const time = local ? `${two(local.getHours())}:${two(local.getMinutes())}` : '';
  const set = (newDay: string, newTime: string) => {
    const at = new Date(`${newDay.replaceAll('/', '-')}T${newTime || '00:00'}`);
    if (/^\d{4}.\d{2}.\d{2}$/.test(newDay) && !Number.isNaN(at.getTime())) onChange({ moment: at.toISOString() });
  };
  return (
    <SpaceBetween direction="horizontal" size="s" alignItems="end">
      <FormField label="Alarm">
        <div className="timeline-question">
          <Select
            data-testid="timeline-alarm"
            statusType={moments.error ? 'error' : moments.isPending ? 'loading' : 'finished'}
            errorText="The alarms could not be read: enter a moment"
            loadingText="Reading the alarms"
            empty="No alarms on API Gateway: enter a moment"
            placeholder="Choose an alarm, or a moment"
            selectedOption={options.find(one => chosen && one.value === alarmKey(chosen)) ?? null}
            options={options}
            onChange={({ detail }) => {
              const alarm = alarms.find(moment => alarmKey(moment) === detail.selectedOption.value);
              if (alarm) onChange({ moment: alarm.at });
            }}
          />
        </div>
      </FormField>
      <FormField label="Day">
        <DateInput ariaLabel="Day" value={day} placeholder="YYYY/MM/DD" onChange={({ detail }) => set(detail.value, time)} />
      </FormField>
      <FormField label="Time">
        <TimeInput ariaLabel="Time" format="hh:mm" placeholder="hh:mm" value={time} onChange={({ detail }) => set(day, detail.value)} />
      </FormField>
      <FormField label={search.ask === 'around' ? 'Before and after' : 'How long before'}>
        <Select
          data-testid="timeline-minutes"
          selectedOption={LENGTHS.find(one => one.value === String(search.minutes ?? HOUR)) ?? LENGTHS[2]!}
          options={LENGTHS}
          onChange={({ detail }) => onChange({ minutes: Number(detail.selectedOption.value) })}
        />
      </FormField>
    </SpaceBetween>
  );
}

function rangeOf(search: TimelineSearch): DateRangePickerProps.Value {
  if (search.since) {
    return { type: 'absolute', startDate: search.since, endDate: search.until ?? new Date().toISOString() };
  }
  const hours = search.hours ?? 168;
  return hours % 24 === 0 && hours > 24
    ? { type: 'relative', amount: hours / 24, unit: 'day' }
    : { type: 'relative', amount: hours, unit: 'hour' };
}

function Range({ search, onChange }: Pick<Props, 'search' | 'onChange'>) {
  return (
    <FormField label="Time">
      <div data-testid="timeline-range">
        <DateRangePicker
          value={rangeOf(search)}
          relativeOptions={RELATIVE}
          placeholder="Choose a time"
          isValidRange={range => {
            if (range === null) return { valid: false, errorMessage: 'Choose a time.' };
            if (range.type === 'absolute' && Date.parse(range.startDate) > Date.parse(range.endDate)) {
              return { valid: false, errorMessage: 'The end is before the beginning.' };
            }
            return { valid: true };
          }}
          onChange={({ detail }) => {
            const range = detail.value;
            if (range?.type === 'absolute') {
              const iso = (text: string) => new Date(text).toISOString();
              onChange({ hours: undefined, since: iso(range.startDate), until: iso(range.endDate) });
            } else if (range?.type === 'relative') {
              const hours = Math.max(1, Math.round(range.amount * (HOURS[range.unit] ?? 1)));
              onChange({ hours, since: undefined, until: undefined });
            }
          }}
          showClearButton={false}
          i18nStrings={{
            relativeModeTitle: 'Until now',
            absoluteModeTitle: 'From and to',
            relativeRangeSelectionHeading: 'Choose how far back',
            cancelButtonLabel: 'Cancel',
            applyButtonLabel: 'Apply',
            clearButtonLabel: 'Clear',
            customRelativeRangeOptionLabel: 'Another',
            customRelativeRangeOptionDescription: 'How far back, in your own words',
            customRelativeRangeDurationLabel: 'How many',
            customRelativeRangeUnitLabel: 'Of what',
            formatRelativeRange: range => `Last ${range.amount} ${range.unit}${range.amount === 1 ? '' : 's'}`,
            formatUnit: (unit, amount) => (amount === 1 ? unit : `${unit}s`),
            startDateLabel: 'From',
            startTimeLabel: 'At',
            endDateLabel: 'To',
            endTimeLabel: 'At',
            dateTimeConstraintText: 'Days like 2026/03/02, times like 10:00:00.',
            todayAriaLabel: 'Today',
            nextMonthAriaLabel: 'Next month',
            previousMonthAriaLabel: 'Previous month',
            dateConstraintText: 'Days like 2026/03/02.',
          }}
        />
      </div>
    </FormField>
  );
}
