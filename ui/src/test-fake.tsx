// The whole interface on the fake account, for tests that walk through it as a person does.
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { run } from 'axe-core';

import { replaceHost } from './api/client';
import type { FakeSwitches } from './api/fake';
import { newFake } from './api/fake';
import { newQueryClient } from './api/queries';
import { newRouter } from './app/router';

/** Renders the interface on a fresh fake account at an address. */
export function renderOnFake(switches: FakeSwitches = {}, hash = '#/routes') {
  const fake = newFake(switches);
  replaceHost(fake);
  window.location.hash = hash;
  const view = render(
    <QueryClientProvider client={newQueryClient()}>
      <RouterProvider router={newRouter()} />
    </QueryClientProvider>,
  );
  return { fake, view };
}

/** What axe finds serious or critical. jsdom paints nothing, so contrast is not judged here. */
export async function seriousFaults(): Promise<string[]> {
  const { violations } = await run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  return violations
    .filter(fault => fault.impact === 'serious' || fault.impact === 'critical')
    .map(fault => `${fault.id}: ${fault.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
}
