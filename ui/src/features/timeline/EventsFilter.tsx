import PropertyFilter from '@cloudscape-design/components/property-filter';
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

import type { EventFacets } from '../../api/bindings';
import { visible } from '../../shared/text';
import { PROPERTY_FILTER_WORDS } from '../../shared/propertyFilterWords';
import type { TimelineSearch } from './search';
import { CLIENTS, OUTCOMES, SOURCES } from './words';

type Key = 'apis' | 'stages' | 'principals' | 'sources' | 'contexts' | 'clients' | 'outcomes' | 'made';

const PROPERTIES: [Key, string, string][] = [
  ['apis', 'API', 'APIs'],
  ['stages', 'Stage', 'Stages'],
  ['principals', 'Principal', 'Principals'],
  ['outcomes', 'Outcome', 'Outcomes'],
  ['sources', 'Source', 'Sources'],
  ['clients', 'Client', 'Clients'],
  ['made', 'Made', 'Made'],
  ['contexts', 'Context', 'Contexts'],
];

const MADE = { journal: 'With this console', elsewhere: 'Elsewhere' };

const FILTERING: PropertyFilterProps.FilteringProperty[] = PROPERTIES.map(([key, propertyLabel, groupValuesLabel]) => ({
  key,
  propertyLabel,
  groupValuesLabel,
  operators: ['='],
}));

/** What there is to choose from, and its words. */
function optionsOf(facets: EventFacets | undefined): PropertyFilterProps.FilteringOption[] {
  const fixed = (propertyKey: Key, names: Record<string, string>) =>
    Object.entries(names).map(([value, label]) => ({ propertyKey, value, label }));
  const found = (['apis', 'stages', 'principals', 'contexts'] as const).flatMap(propertyKey =>
    (facets?.[propertyKey] ?? []).map(one => ({ propertyKey, value: one.value, label: visible(one.label) })),
  );
  return [...found, ...fixed('outcomes', OUTCOMES), ...fixed('sources', SOURCES), ...fixed('clients', CLIENTS), ...fixed('made', MADE)];
}

interface Props {
  search: TimelineSearch;
  facets: EventFacets | undefined;
  matching: number | undefined;
  onChange(change: Partial<TimelineSearch>): void;
}

/** Conditions: of one property any of them, of several each. */
export function EventsFilter({ search, facets, matching, onChange }: Props) {
  const options = optionsOf(facets);
  const tokens: PropertyFilterProps.Token[] = PROPERTIES.flatMap(([key]) => {
    const values = key === 'made' ? (search.made ? [search.made] : []) : (search[key] ?? []);
    return values.map(value => ({ propertyKey: key, operator: '=', value }));
  });
  if (search.text) tokens.push({ operator: ':', value: search.text });
  return (
    <div data-testid="timeline-filter">
      <PropertyFilter
        hideOperations
        query={{ operation: 'and', tokens }}
        onChange={({ detail }) => {
          const of = (key: Key) => {
            const values = detail.tokens.filter(token => token.propertyKey === key).map(token => String(token.value));
            return values.length > 0 ? values : undefined;
          };
          const free = detail.tokens.filter(token => token.propertyKey === undefined).map(token => String(token.value));
          onChange({
            apis: of('apis'),
            stages: of('stages'),
            principals: of('principals'),
            sources: of('sources'),
            contexts: of('contexts'),
            clients: of('clients') as TimelineSearch['clients'],
            outcomes: of('outcomes') as TimelineSearch['outcomes'],
            made: of('made')?.at(-1) as TimelineSearch['made'],
            text: free.join(' ') || undefined,
          });
        }}
        filteringProperties={FILTERING}
        filteringOptions={options}
        countText={matching === undefined ? '' : `${matching} ${matching === 1 ? 'match' : 'matches'}`}
        filteringPlaceholder="Filter by API, stage, principal, outcome, source…"
        filteringAriaLabel="Find changes"
        expandToViewport
        i18nStrings={{ ...PROPERTY_FILTER_WORDS, operatorEqualsText: 'Is' }}
      />
    </div>
  );
}
