import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';

import { renderOnFake } from '../../test-fake';
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

function rows(): string[] {
  const table = screen.getByRole('table', { name: 'APIs' });
  return [...table.querySelectorAll('tbody tr')].map(row => row.querySelector('th')?.textContent ?? '');
}

test('the APIs are filtered by what stands in any column, and the filter is cleared where nothing matches', async () => {
  renderOnFake({}, '#/apis');
  await screen.findByText('storefront');
  const all = rows();
  const field = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Filter APIs' });
  fireEvent.change(field, { target: { value: 'WebSocket' } });
  await waitFor(() => expect(rows().length).toBeLessThan(all.length));
  for (const row of screen.getAllByRole('row').slice(1)) expect(row.textContent).toContain('WEBSOCKET');
  fireEvent.change(field, { target: { value: 'no such thing' } });
  await screen.findByText('No API matches');
  fireEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
  await waitFor(() => expect(rows()).toEqual(all));
});

test('a click on a heading sorts the APIs, another turns them round', async () => {
  renderOnFake({}, '#/apis');
  await screen.findByText('storefront');
  const routes = () =>
    screen
      .getAllByRole('row')
      .slice(1)
      .map(row => Number(row.querySelectorAll('td')[4]?.textContent));
  const rising = [...routes()].sort((one, other) => one - other);
  const heading = () => screen.getByRole('button', { name: 'Routes' });
  fireEvent.click(heading());
  await waitFor(() => expect(routes()).toEqual(rising));
  fireEvent.click(heading());
  await waitFor(() => expect(routes()).toEqual([...rising].reverse()));
});

test('`/` goes to the filter', async () => {
  renderOnFake({}, '#/apis');
  await screen.findByText('storefront');
  fireEvent.keyDown(window, { key: '/' });
  expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Filter APIs' }));
});
