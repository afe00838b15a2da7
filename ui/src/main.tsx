import '@cloudscape-design/global-styles/index.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';

import { newQueryClient } from './api/queries';
import { newRouter } from './app/router';
import './shared/base.css';
import { applyTokens } from './shared/tokens';

applyTokens();
const root = document.getElementById('root');
// A plain browser has no host. The built window always has one, and the fake is no part of it.
if (import.meta.env.DEV && !('__TAURI_INTERNALS__' in window)) {
  const [{ replaceHost }, { newFake }] = await Promise.all([import('./api/client'), import('./api/fake')]);
  const switches = new URLSearchParams(window.location.search).get('fake');
  replaceHost(newFake(switches ? JSON.parse(switches) : {}));
}
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={newQueryClient()}>
      <RouterProvider router={newRouter()} />
    </QueryClientProvider>,
  );
}
