import PropertyFilter from '@cloudscape-design/components/property-filter';
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { useState } from 'react';

import type { FilterOperator, RouteProperty } from '../../api/bindings';
import { host } from '../../api/client';
import { PROPERTY_FILTER_WORDS } from '../../shared/propertyFilterWords';
import { PROPERTY_NAMES } from './columns';
import type { RoutesSearch } from './search';

const TEXT_OPERATORS: FilterOperator[] = ['=', '!=', ':', '!:', '^'];
const NUMBER_OPERATORS: FilterOperator[] = ['=', '!=', '<', '>'];
const NUMBERS: RouteProperty[] = ['rateLimit', 'burstLimit', 'timeoutMs'];

const PROPERTIES: PropertyFilterProps.FilteringProperty[] = PROPERTY_NAMES.map(([key, propertyLabel, groupValuesLabel]) => ({
  key,
  propertyLabel,
  groupValuesLabel,
  operators: NUMBERS.includes(key) ? NUMBER_OPERATORS : TEXT_OPERATORS,
  defaultOperator: '=',
}));

/** What is typed filters at once, unless it is the beginning of a condition (`Method = …`). */
function freeText(typed: string): string {
  const label = PROPERTY_NAMES.some(([, name]) => typed.startsWith(`${name} `) || typed === name);
  return label ? '' : typed;
}

interface Props {
  search: RoutesSearch;
  matching: number | undefined;
  onChange(filter: RoutesSearch['filter']): void;
  onText(text: string): void;
}

/** Cloudscape's filter; what is typed filters at once, and becomes a condition with Enter. */
export function RoutesFilter({ search, matching, onChange, onText }: Props) {
  const [options, setOptions] = useState<PropertyFilterProps.FilteringOption[]>([]);
  const load: PropertyFilterProps['onLoadItems'] = ({ detail }) => {
    const property = detail.filteringProperty?.key as RouteProperty | undefined;
    if (!property) return;
    host.call('route_values', { property, text: detail.filteringText }).then(
      answer => setOptions(answer.values.map(value => ({ propertyKey: property, value }))),
      () => setOptions([]),
    );
  };
  return (
    <div data-testid="routes-filter" onInput={event => onText(freeText((event.target as HTMLInputElement).value))}>
      <PropertyFilter
        query={{
          operation: search.filter?.operation ?? 'and',
          tokens: (search.filter?.tokens ?? []).map(token => ({
            propertyKey: token.property ?? undefined,
            operator: token.operator,
            value: token.value,
          })),
        }}
        onChange={({ detail }) => {
          onText('');
          onChange({
            operation: detail.operation,
            tokens: detail.tokens.map(token => ({
              property: token.propertyKey as RouteProperty | undefined,
              operator: token.operator as FilterOperator,
              value: String(token.value),
            })),
          });
        }}
        filteringProperties={PROPERTIES}
        filteringOptions={options}
        filteringStatusType="finished"
        onLoadItems={load}
        countText={matching === undefined ? '' : `${matching} ${matching === 1 ? 'match' : 'matches'}`}
        filteringPlaceholder="Filter by method, path, API, audience, authorization…"
        filteringAriaLabel="Filter routes"
        expandToViewport
        i18nStrings={PROPERTY_FILTER_WORDS}
      />
    </div>
  );
}
