import '@cloudscape-design/global-styles/index.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';

import { newQueryClient } from './api/queries';
import { newRouter } from './app/router';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={newQueryClient()}>
      <RouterProvider router={newRouter()} />
    </QueryClientProvider>,
  );
}
