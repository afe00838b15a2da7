import Tabs from '@cloudscape-design/components/tabs';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { AlarmsTable } from './AlarmsTable';
import { CoverageTable } from './CoverageTable';

/** What burns, and where nothing would. Cloudscape marks each tab with its id as `data-testid`: the tables have others. */
export function AlarmsView() {
  const search = useSearch({ from: '/alarms' });
  const navigate = useNavigate({ from: '/alarms' });
  return (
    <Tabs
      activeTabId={search.tab ?? 'alarms'}
      onChange={({ detail }) => void navigate({ search: detail.activeTabId === 'coverage' ? { tab: 'coverage' } : {} })}
      tabs={[
        { id: 'alarms', label: 'Alarms', content: <AlarmsTable /> },
        { id: 'coverage', label: 'Coverage', content: <CoverageTable /> },
      ]}
    />
  );
}
