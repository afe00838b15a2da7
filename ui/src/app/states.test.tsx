// What every view shows while it loads, when there is nothing, when something is missing, and when reading failed.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ContextInventoryStatus, Gap, WireError } from '../api/bindings';
import type { Operation } from '../api/client';
import { renderOnFake } from '../test-fake';
import { renderApp, routeList, route } from '../test-host';

const BROKEN: WireError = {
  code: 'internal',
  message: 'The list cannot be made.',
  hint: 'Refresh the inventory.',
  requestId: 'r-77',
};

const VIEWS: [string, string, Operation][] = [
  ['Routes', '#/routes', 'route_list'],
  ['APIs', '#/apis', 'api_list'],
  ['Audience rules', '#/rules', 'audience_rules_get'],
];

test.each(VIEWS)('%s: a failure says what failed, what to do and the request id, and trying again mends it', async (_, hash, operation) => {
  const { fake } = renderOnFake({ fail: { [operation]: BROKEN } }, hash);
  await screen.findByText('The list cannot be made.');
  screen.getByText('Refresh the inventory.');
  screen.getByText('AWS request id r-77');
  fake.switches = {};
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { level: 1 });
  expect(screen.queryByText('The list cannot be made.')).toBeNull();
});

test.each([
  ['Routes', '#/routes', 'route_list', () => screen.findAllByLabelText('Loading')],
  ['APIs', '#/apis', 'api_list', () => screen.findByText('Reading APIs')],
  ['Audience rules', '#/rules', 'audience_rules_preview', () => screen.findByText('Working out what would move…')],
] as const)('%s: loading says so', async (_, hash, operation, sign) => {
  renderOnFake({ hang: [operation] }, hash);
  await sign();
});

test.each([
  ['Routes', '#/routes', 'No routes'],
  ['APIs', '#/apis', 'No APIs'],
])('%s: an account without APIs is said to have none', async (_, hash, words) => {
  renderOnFake({ empty: true }, hash);
  await screen.findByText(words);
});

test.each(VIEWS)('%s: what could not be read stands above what could', async (_, hash) => {
  renderOnFake({ gaps: 3 }, hash);
  await screen.findByText('3 things could not be read');
  await screen.findByRole('heading', { level: 1 });
});

function contextOf(region: string, gaps: Gap[]): ContextInventoryStatus {
  return {
    context: `shop@${region}`,
    phase: 'done',
    apisDone: gaps.length > 0 ? 0 : 3,
    apisTotal: gaps.length > 0 ? 0 : 3,
    routes: gaps.length > 0 ? 0 : 7,
    calls: { 'apigateway:GetRestApis': 1 },
    readAt: new Date().toISOString(),
    fromSnapshot: false,
    coverage: { complete: gaps.length === 0, gaps },
  };
}

test('a region that is denied is named with the call and its request, and the other regions stay', async () => {
  const denied: Gap = {
    context: 'shop@us-east-1',
    service: 'apigateway',
    operation: 'GetRestApis',
    resource: 'the APIs of us-east-1',
    kind: 'denied',
    code: 'AccessDeniedException',
    message: 'The APIs of us-east-1 were not read: AWS denied GetRestApis. Ask for apigateway:GET.',
    requestId: 'd-1',
  };
  renderApp({
    inventory_status: () => ({
      revision: 1,
      notices: [],
      contexts: [contextOf('eu-west-1', []), contextOf('us-east-1', [denied]), contextOf('eu-central-1', [])],
    }),
    route_list: () =>
      routeList(
        ['eu-west-1', 'eu-central-1'].map(region => ({
          line: 'route' as const,
          route: route({ region, path: `/in-${region}`, id: region }),
        })),
        { coverage: { complete: false, gaps: [denied] } },
      ),
  });
  const alert = (await screen.findByText('1 of 3 contexts could not be read: shop@us-east-1')).closest<HTMLElement>('[data-testid="gaps"]');
  expect(alert).not.toBeNull();
  within(alert as HTMLElement).getByText(/AWS denied GetRestApis. Ask for apigateway:GET/);
  within(alert as HTMLElement).getByText(/apigateway:GetRestApis answered AccessDeniedException, request d-1/);
  await screen.findByText('/in-eu-west-1');
  await screen.findByText('/in-eu-central-1');
});
