import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';

import { complete, renderApp, routeList } from '../../test-host';

test('APIs are listed, and one leads to its routes', async () => {
  const { asked } = renderApp(
    {
      api_list: () => ({
        coverage: complete,
        items: [
          {
            context: 'demo',
            account: '111122223333',
            region: 'eu-west-1',
            routes: 7,
            stages: [{ name: 'prod', limits: {}, autoDeploy: false, tags: {} }],
            api: {
              id: 'k7v',
              name: 'live-updates',
              kind: 'WEBSOCKET',
              endpointType: 'REGIONAL',
              tags: {},
              executeApiDisabled: false,
              hasResourcePolicy: false,
            },
          },
        ],
      }),
      route_list: () => routeList([]),
    },
    '#/apis',
  );
  await screen.findByText('WEBSOCKET');
  fireEvent.click(screen.getByText('live-updates'));
  await waitFor(() => expect(decodeURIComponent(window.location.hash)).toContain('"value":"k7v"'));
  expect(asked.some(call => call.name === 'route_list')).toBe(true);
});

test('from a route that is open in the panel to the APIs and back', async () => {
  renderApp({ route_list: () => routeList([]) }, '#/routes?route=x');
  await screen.findByText('No routes');
  fireEvent.click(screen.getByRole('link', { name: 'APIs' }));
  await screen.findByText('No APIs');
  fireEvent.click(screen.getByRole('link', { name: 'Routes' }));
  await screen.findByText('No routes');
});
