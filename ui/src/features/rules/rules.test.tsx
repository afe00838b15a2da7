import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { FAKE_RULES } from '../../api/fake-rules';
import { renderOnFake, seriousFaults } from '../../test-fake';

const MOVES_PARTNERS = FAKE_RULES.replace('audience = "partner"', 'audience = "internal"');

async function editor() {
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Audience rules' });
  await waitFor(() => expect(field.value).toContain('[[rule]]'));
  return field;
}

function disabled(button: HTMLElement): boolean {
  return button.hasAttribute('disabled') || button.getAttribute('aria-disabled') === 'true';
}

/** Opening contexts asks for everything again, the rules file too. */
async function openContextsAgain() {
  fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  const input = await screen.findByRole('combobox', { name: 'Find an API, a route or a view' });
  fireEvent.change(input, { target: { value: 'choose contexts' } });
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await userEvent.click(await screen.findByRole('button', { name: 'Open' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Open' })).toBeNull());
}

test('an edit shows which routes move from whom to whom and why, and Save writes it', async () => {
  const { fake } = renderOnFake({}, '#/rules');
  fireEvent.change(await editor(), { target: { value: MOVES_PARTNERS } });
  const table = await screen.findByRole('table', { name: 'Routes that would move' });
  const row = (await within(table).findByText('GET /partner/orders of partner-api, v2')).closest('tr');
  expect(row?.textContent).toMatch(/partner.*internal.*clinics call these, by contract/);
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText(/The audience rules are saved/);
  expect(fake.calls.find(call => call.name === 'audience_rules_save')?.request).toEqual({ text: MOVES_PARTNERS, base: FAKE_RULES });
});

test('a mistake is described at the field and marked at its line, and cannot be saved', async () => {
  renderOnFake({}, '#/rules');
  const field = await editor();
  fireEvent.change(field, { target: { value: FAKE_RULES.replace('"partner"', '"partnr"') } });
  await screen.findByText(/Line 7, column 12, rule\.audience: .*partnr is no audience/);
  expect(field.getAttribute('aria-invalid')).toBe('true');
  const words = (field.getAttribute('aria-describedby') ?? '').split(' ').map(id => document.getElementById(id)?.textContent);
  expect(words.join(' ')).toContain('partnr is no audience');
  expect(document.querySelector('.rules-gutter [data-mistake="true"]')?.textContent).toBe('7');
  expect(disabled(screen.getByRole('button', { name: 'Save' }))).toBe(true);
});

test('a rule that matches nothing is named by its number', async () => {
  renderOnFake({}, '#/rules');
  fireEvent.change(await editor(), { target: { value: `${FAKE_RULES}\n[[rule]]\naudience = "admin"\npath = "/nowhere/**"\n` } });
  await screen.findByText(/Rule 2 matches no route/);
});

test('somebody else’s save is refused, and reloading keeps the text on the clipboard', async () => {
  const { fake } = renderOnFake({ rulesConflict: true }, '#/rules');
  const field = await editor();
  fireEvent.change(field, { target: { value: MOVES_PARTNERS } });
  await screen.findByText('GET /partner/orders of partner-api, v2');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText(/was changed by somebody else/);
  expect(field.value).toBe(MOVES_PARTNERS);
  await userEvent.click(screen.getByRole('button', { name: 'Copy my text and reload' }));
  await waitFor(() => expect(field.value).toContain('# changed by somebody else'));
  expect(fake.copied).toEqual([MOVES_PARTNERS]);
});

test('what somebody else saved meanwhile is not overwritten when contexts are opened under the edit', async () => {
  const { fake } = renderOnFake({}, '#/rules');
  fireEvent.change(await editor(), { target: { value: MOVES_PARTNERS } });
  await screen.findByText('GET /partner/orders of partner-api, v2');
  const theirs = `${FAKE_RULES}# theirs\n`;
  await fake.call('audience_rules_save', { text: theirs, base: FAKE_RULES });
  await openContextsAgain();
  await waitFor(() => expect(fake.calls.filter(call => call.name === 'audience_rules_get')).toHaveLength(2));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText(/was changed by somebody else/);
});

test('leaving with unsaved rules asks first', async () => {
  renderOnFake({}, '#/rules');
  fireEvent.change(await editor(), { target: { value: MOVES_PARTNERS } });
  await userEvent.click(screen.getByRole('link', { name: 'APIs' }));
  await screen.findByText('Leave without saving?');
  await userEvent.click(screen.getByRole('button', { name: 'Keep editing' }));
  await waitFor(() => expect(screen.queryByText('Leave without saving?')).toBeNull());
  expect((await editor()).value).toBe(MOVES_PARTNERS);
  await userEvent.click(screen.getByRole('link', { name: 'APIs' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Discard and leave' }));
  await screen.findByRole('table', { name: 'APIs' });
});

test('the view has no serious accessibility faults, with a mistake in it neither', async () => {
  renderOnFake({}, '#/rules');
  fireEvent.change(await editor(), { target: { value: 'nonsense' } });
  await screen.findByText(/Line 1, column 9: .*this is no TOML/);
  expect(await seriousFaults()).toEqual([]);
});
