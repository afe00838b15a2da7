import AppLayout from '@cloudscape-design/components/app-layout';
import Flashbar from '@cloudscape-design/components/flashbar';
import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEffect, useMemo, useState } from 'react';

import type { StageName } from '../api/bindings';
import { host } from '../api/client';
import { useInventoryEvents, useOperation } from '../api/queries';
import { ReleaseNotices } from '../features/canaries/ReleaseNotices';
import { RollBack } from '../features/canaries/RollBack';
import { ContextsModal } from '../features/contexts/ContextsModal';
import { Welcome } from '../features/contexts/Welcome';
import { InventoryBar } from '../features/inventory/InventoryBar';
import { Palette } from '../features/palette/Palette';
import type { PaletteAction } from '../features/palette/Palette';
import { useAppearance } from '../shared/preferences';
import { ErrorAlert, ErrorWords } from '../shared/states';
import { FrameContext } from './panel';
import type { Frame } from './panel';
import { ShortcutsModal } from './ShortcutsModal';
import { TopBar } from './TopBar';

type Dialog = 'contexts' | 'palette' | 'shortcuts' | { rollBack: StageName | null } | null;

/** Several messages lie on a pile, the newest on top, so that the view below keeps its place. */
const NOTIFICATION_WORDS: FlashbarProps.I18nStrings = {
  ariaLabel: 'Messages',
  notificationBarText: 'Messages',
  notificationBarAriaLabel: 'Show all messages',
  errorIconAriaLabel: 'Error',
  warningIconAriaLabel: 'Warning',
  successIconAriaLabel: 'Done',
  infoIconAriaLabel: 'Information',
  inProgressIconAriaLabel: 'Under way',
};

export function Shell() {
  useInventoryEvents();
  const appearance = useAppearance();
  const contexts = useOperation('context_list', {});
  const navigate = useNavigate();
  const path = useRouterState({ select: state => state.location.pathname });
  const [dialog, setDialog] = useState<Dialog>(null);
  const [panel, setPanel] = useState<ReactNode | null>(null);
  const [messages, setMessages] = useState<FlashbarProps.MessageDefinition[]>([]);

  const frame = useMemo<Frame>(
    () => ({
      setPanel,
      rollBack: stage => setDialog({ rollBack: stage ?? null }),
      notify: (type, content, action) => {
        const id = crypto.randomUUID();
        const onDismiss = () => setMessages(now => now.filter(message => message.id !== id));
        setMessages(now => [{ id, type, content, action, dismissible: true, dismissLabel: 'Dismiss', onDismiss }, ...now].slice(0, 5));
      },
    }),
    [],
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setDialog('palette');
      } else if (event.shiftKey && event.key.toLowerCase() === 'b' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        setDialog({ rollBack: null });
      } else if (event.key === '?' && !typing) {
        setDialog('shortcuts');
      } else if (event.key === '/' && !typing) {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('[data-testid$="-filter"] input')?.focus();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const { theme, setTheme, compact, setCompact } = appearance;
  const actions: PaletteAction[] = [
    { title: 'Roll back a canary', run: () => setDialog({ rollBack: null }) },
    { title: 'Choose contexts', run: () => setDialog('contexts') },
    {
      title: 'Refresh the inventory',
      run: () => void host.call('inventory_refresh', {}).catch((error: unknown) => frame.notify('error', <ErrorWords error={error} />)),
    },
    { title: theme === 'dark' ? 'Light mode' : 'Dark mode', run: () => setTheme(theme === 'dark' ? 'light' : 'dark') },
    { title: compact ? 'Comfortable density' : 'Compact density', run: () => setCompact(!compact) },
    { title: 'Keyboard shortcuts', run: () => setDialog('shortcuts') },
  ];

  const open = contexts.data?.open ?? [];
  let content: ReactNode = null;
  if (contexts.error && !contexts.data) content = <ErrorAlert error={contexts.error} retry={() => void contexts.refetch()} />;
  else if (contexts.data && open.length === 0) content = <Welcome list={contexts.data} connect={() => setDialog('contexts')} />;
  else if (contexts.data)
    content = (
      <>
        <InventoryBar />
        <Outlet />
      </>
    );

  return (
    <FrameContext.Provider value={frame}>
      <div id="top">
        <TopBar
          open={open}
          appearance={appearance}
          choose={() => setDialog('contexts')}
          search={() => setDialog('palette')}
          shortcuts={() => setDialog('shortcuts')}
        />
      </div>
      <AppLayout
        headerSelector="#top"
        ariaLabels={{ navigation: 'Views', navigationClose: 'Close views', navigationToggle: 'Open views', notifications: 'Messages' }}
        toolsHide
        navigationWidth={220}
        contentType="table"
        maxContentWidth={Number.MAX_VALUE}
        notifications={<Flashbar items={messages} stackItems i18nStrings={NOTIFICATION_WORDS} />}
        navigation={
          <>
            <SideNavigation
              activeHref={`#${path}`}
              onFollow={event => {
                event.preventDefault();
                if (event.detail.href.startsWith('#/')) void navigate({ to: event.detail.href.slice(1) });
              }}
              items={[
                { type: 'link', text: 'Overview', href: '#/overview' },
                { type: 'link', text: 'Routes', href: '#/routes' },
                { type: 'link', text: 'APIs', href: '#/apis' },
                { type: 'link', text: 'Findings', href: '#/findings' },
                { type: 'link', text: 'Tenants', href: '#/tenants' },
                { type: 'link', text: 'Usage plans', href: '#/usage-plans' },
                { type: 'link', text: 'Rotation', href: '#/rotation' },
                { type: 'link', text: 'Audience rules', href: '#/rules' },
                { type: 'link', text: 'Canaries', href: '#/canaries' },
                { type: 'link', text: 'WAF', href: '#/waf' },
                { type: 'link', text: 'Alarms', href: '#/alarms' },
                { type: 'link', text: 'Metrics', href: '#/metrics' },
                { type: 'link', text: 'Changes', href: '#/changes' },
                { type: 'link', text: 'Journal', href: '#/journal' },
              ]}
            />
          </>
        }
        splitPanel={panel}
        splitPanelOpen={panel !== null}
        onSplitPanelToggle={() => setPanel(null)}
        splitPanelPreferences={{ position: 'side' }}
        onSplitPanelPreferencesChange={() => undefined}
        content={content}
      />
      <ReleaseNotices />
      {dialog === 'contexts' && contexts.data && <ContextsModal list={contexts.data} close={() => setDialog(null)} />}
      {dialog === 'palette' && <Palette close={() => setDialog(null)} actions={actions} />}
      {dialog !== null && typeof dialog === 'object' && <RollBack stage={dialog.rollBack} close={() => setDialog(null)} />}
      {dialog === 'shortcuts' && <ShortcutsModal close={() => setDialog(null)} />}
    </FrameContext.Provider>
  );
}
