import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { HOSTILE_NAME } from '../api/fake-data';
import { renderOnFake, seriousFaults } from '../test-fake';

async function palette() {
  fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  const input = await screen.findByRole('combobox', { name: 'Find an API, a route or a view' });
  await waitFor(() => expect(document.activeElement).toBe(input));
  return input;
}

test('the palette takes what is typed at once, and arrows go round', async () => {
  renderOnFake({}, '#/apis');
  await screen.findByRole('table', { name: 'APIs' });
  const input = await palette();
  await userEvent.keyboard('audience');
  const chosen = () => document.getElementById(input.getAttribute('aria-activedescendant') ?? '')?.textContent;
  await waitFor(() => expect(chosen()).toContain('Audience rules'));
  await userEvent.keyboard('{Enter}');
  await screen.findByRole('textbox', { name: 'Audience rules' });
  await palette();
  fireEvent.keyDown(screen.getByRole('combobox', { name: 'Find an API, a route or a view' }), { key: 'ArrowUp', keyCode: 38 });
  const options = within(screen.getByRole('listbox', { name: 'Found' })).getAllByRole('option');
  expect(options.at(-1)?.getAttribute('aria-selected')).toBe('true');
});

test('the palette runs actions', async () => {
  const { fake } = renderOnFake({}, '#/apis');
  await screen.findByRole('table', { name: 'APIs' });
  await palette();
  await userEvent.keyboard('refresh{Enter}');
  await waitFor(() => expect(fake.calls.some(call => call.name === 'inventory_refresh')).toBe(true));
  await screen.findByText(/2 of 6 APIs/);
});

test('a refresh that fails says why, what to do, and AWS’s request id, and everything stays', async () => {
  const failure = { code: 'credentials', message: 'The SSO session acme is over.', hint: 'Run aws sso login.', requestId: 'r-77' } as const;
  renderOnFake({ fail: { inventory_refresh: failure } }, '#/apis');
  await screen.findByRole('table', { name: 'APIs' });
  await userEvent.click(await screen.findByRole('button', { name: 'Refresh' }));
  await screen.findByText('The SSO session acme is over.');
  screen.getByText('Run aws sso login.');
  screen.getByText('AWS request id r-77');
  screen.getByText('storefront');
});

test('names cannot reorder, mark up or break what stands beside them', async () => {
  const { view } = renderOnFake({ gaps: 1 }, '#/apis');
  await screen.findByRole('table', { name: 'APIs' });
  const name = await screen.findByText('\\u{202e}gnp.exe <img src=x onerror=alert(1)>\\u{1b}[31m\\u{a}=cmd()');
  expect(name.tagName).toBe('BDI');
  expect(view.container.querySelector('img[src="x"]')).toBeNull();
  expect(document.body.textContent).not.toContain(HOSTILE_NAME.charAt(0));
});

test('an address without a view says so inside the frame', async () => {
  renderOnFake({}, '#/nowhere');
  await screen.findByText('There is no such view');
  await userEvent.click(screen.getByRole('button', { name: 'Go to the routes' }));
  await screen.findByRole('treegrid', { name: 'Routes' });
});

test('the access mode stands beside an open context, and nowhere when none is open', async () => {
  const { view } = renderOnFake({ open: [], profiles: false });
  await screen.findByText('Welcome to Portcullis');
  expect(document.body.textContent).not.toContain('· read-only');
  view.unmount();
  renderOnFake({}, '#/apis');
  await waitFor(() => expect(document.body.textContent).toContain('demo 123456789012 eu-west-1 · read-only'));
});

test('choosing contexts again keeps the endpoint that a context was opened with', async () => {
  const endpointUrl = 'http://127.0.0.1:5000';
  const { fake } = renderOnFake({ open: [{ source: { kind: 'profile', name: 'legacy' }, region: 'us-east-1', endpointUrl }] }, '#/apis');
  await screen.findByRole('table', { name: 'APIs' });
  await palette();
  await userEvent.keyboard('contexts{Enter}');
  await userEvent.click(await screen.findByRole('button', { name: 'Open' }));
  await waitFor(() => expect(fake.calls.some(call => call.name === 'context_select')).toBe(true));
  expect(fake.calls.find(call => call.name === 'context_select')?.request).toEqual({
    contexts: [{ source: { kind: 'profile', name: 'legacy' }, region: 'us-east-1', endpointUrl }],
  });
});

test('a diagnosis says what is wrong, what to do and the request id', async () => {
  renderOnFake({}, '#/apis');
  await screen.findByRole('table', { name: 'APIs' });
  await palette();
  await userEvent.keyboard('contexts{Enter}');
  await userEvent.click(await screen.findByRole('button', { name: 'Diagnose open contexts' }));
  await screen.findByText('AWS answered AccessDeniedException');
  screen.getByText(/Ask for the action wafv2:GetWebACLForResource/);
  screen.getByText('7a1c9a52-0000-4000-8000-000000000002');
  screen.getByText(/tags and the built-in rules decide/);
});

test.each([
  ['APIs, with gaps', { gaps: 3 }, '#/apis', 'storefront'],
  ['APIs, while reading', { reading: 2 }, '#/apis', 'storefront'],
  ['no APIs', { empty: true }, '#/apis', 'No APIs'],
  ['the welcome', { open: [], profiles: false }, '#/routes', 'Welcome to Portcullis'],
  ['no such view', {}, '#/nowhere', 'There is no such view'],
])('%s: no serious accessibility faults', async (_, switches, hash, sign) => {
  renderOnFake(switches, hash);
  await screen.findByText(sign);
  expect(await seriousFaults()).toEqual([]);
});

test('the palette has no serious accessibility faults', async () => {
  renderOnFake({}, '#/apis');
  await screen.findByRole('table', { name: 'APIs' });
  await palette();
  expect(await seriousFaults()).toEqual([]);
});

test('an account whose reading was stopped is not called read', async () => {
  const { fake } = renderOnFake({ reading: 2 }, '#/apis');
  await screen.findByText(/2 of 6 APIs/);
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await screen.findByText(/Stopped before the end/);
  expect(fake.calls.some(call => call.name === 'inventory_cancel')).toBe(true);
});
