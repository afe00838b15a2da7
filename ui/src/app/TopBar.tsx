import TopNavigation from '@cloudscape-design/components/top-navigation';

import type { OpenContext } from '../api/bindings';
import type { Theme, useAppearance } from '../shared/preferences';

interface Props {
  open: OpenContext[];
  appearance: ReturnType<typeof useAppearance>;
  choose(): void;
  search(): void;
  shortcuts(): void;
}

function contextText(open: OpenContext[]): string {
  const [first] = open;
  if (!first) return 'No context';
  if (open.length > 1) return `${open.length} contexts`;
  const account = first.account ? ` ${first.account}` : '';
  return `${first.label}${account}${first.region ? ` ${first.region}` : ''}`;
}

export function TopBar({ open, appearance, choose, search, shortcuts }: Props) {
  const { theme, setTheme, compact, setCompact } = appearance;
  const access = open.length === 0 ? '' : open.some(context => context.access.mode === 'operator') ? 'operator' : 'read-only';
  const redirected = open.find(context => context.endpointUrl);
  return (
    <TopNavigation
      identity={{ href: '#/routes', title: 'Portcullis' }}
      utilities={[
        { type: 'button', text: 'Find', iconName: 'search', title: 'Find (Ctrl or Cmd + K)', onClick: search },
        ...(redirected
          ? [
              {
                type: 'button' as const,
                iconName: 'status-warning' as const,
                text: `Endpoint ${redirected.endpointUrl ?? ''}`,
                onClick: choose,
              },
            ]
          : []),
        {
          type: 'button',
          text: access ? `${contextText(open)} · ${access}` : contextText(open),
          ariaLabel: `Contexts: ${contextText(open)}${access ? `, ${access.toLowerCase()}` : ''}`,
          iconName: 'user-profile',
          onClick: choose,
        },
        {
          type: 'menu-dropdown',
          iconName: 'settings',
          ariaLabel: 'Settings',
          title: 'Settings',
          onItemClick: ({ detail }) => {
            if (detail.id === 'compact') setCompact(!compact);
            else if (detail.id === 'shortcuts') shortcuts();
            else setTheme(detail.id as Theme);
          },
          items: [
            { id: 'light', text: 'Light', iconName: theme === 'light' ? 'check' : undefined },
            { id: 'dark', text: 'Dark', iconName: theme === 'dark' ? 'check' : undefined },
            { id: 'system', text: 'As the system', iconName: theme === 'system' ? 'check' : undefined },
            { id: 'compact', text: compact ? 'Comfortable density' : 'Compact density' },
            { id: 'shortcuts', text: 'Keyboard shortcuts' },
          ],
        },
      ]}
    />
  );
}
