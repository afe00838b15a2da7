import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { complete, renderApp } from '../../test-host';

const FILE = { path: '/home/ana/.config/portcullis/tenants.toml', text: '[[mapping]]\nby = "customer-id"\n', exists: true };
const EMPTY = { total: 0, matching: 0, states: [], rows: [], calls: {}, coverage: complete };

test('a mistake in the mapping names its line and field, and is not saved', async () => {
  const position = { line: 2, column: 6, field: 'by' };
  renderApp(
    {
      tenant_list: () => EMPTY,
      tenant_mapping_get: () => FILE,
      tenant_mapping_preview: ({ text }) => {
        if (text === FILE.text) return { keys: 12, moving: 0, moves: [] };
        throw { code: 'rules-invalid', message: 'Line 2, column 6, by: moon is no way to name a tenant', position };
      },
    },
    '#/tenants',
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Whose keys are whose' }));
  const dialog = await screen.findByTestId('mapping');
  await within(dialog).findByText('No key would move');
  const editor = within(dialog).getByRole('textbox', { name: 'Whose keys are whose' });
  await userEvent.clear(editor);
  await userEvent.type(editor, 'by = "moon"');
  await within(dialog).findByText(/Line 2, column 6, by/);
  expect(editor.getAttribute('aria-invalid')).toBe('true');
  expect((screen.getByRole('button', { name: 'Save' }) as HTMLButtonElement).disabled).toBe(true);
});

test('who would move is shown before it is saved, with the reason', async () => {
  const move = {
    context: 'demo',
    keyId: 'k1',
    keyName: 'Practice A',
    before: { name: 'practice-a', reason: 'tag tenant' },
    after: { name: 'A', reason: 'name like Practice {tenant}' },
  };
  const { asked } = renderApp(
    {
      tenant_list: () => EMPTY,
      tenant_mapping_get: () => FILE,
      tenant_mapping_preview: () => ({ keys: 12, moving: 1, moves: [move] }),
      tenant_mapping_save: ({ text }) => ({ ...FILE, text }),
    },
    '#/tenants',
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Whose keys are whose' }));
  const dialog = await screen.findByTestId('mapping');
  await within(dialog).findByText('1 of 12 keys would be named otherwise');
  expect(dialog.textContent).toContain('name like Practice {tenant}');
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Whose keys are whose' }), '# ours');
  const save = screen.getByRole('button', { name: 'Save' });
  await waitFor(() => expect((save as HTMLButtonElement).disabled).toBe(false));
  await userEvent.click(save);
  await waitFor(() => expect(screen.queryByTestId('mapping')).toBeNull());
  expect(asked.find(call => call.name === 'tenant_mapping_save')?.request).toMatchObject({ base: FILE.text });
});

test('a file that is wrong can be mended where it is said', async () => {
  renderApp(
    {
      tenant_list: () => {
        throw { code: 'rules-invalid', message: 'tenants.toml: Line 3, column 11, pattern: must have {tenant} exactly once' };
      },
      tenant_mapping_get: () => FILE,
      tenant_mapping_preview: () => ({ keys: 0, moving: 0, moves: [] }),
    },
    '#/tenants',
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Mend the rules' }));
  await screen.findByTestId('mapping');
});
