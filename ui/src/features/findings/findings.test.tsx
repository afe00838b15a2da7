import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { FAKE_FINDINGS, listFindings } from '../../api/fake-findings';
import { complete, renderApp } from '../../test-host';

const gap = {
  context: 'demo',
  service: 'apigateway',
  operation: 'GetUsagePlans',
  resource: 'the usage plans',
  kind: 'denied' as const,
  code: 'AccessDeniedException',
  message: 'The usage plans cannot be read: ask for apigateway:GET on /usageplans.',
};

test('the worst comes first, and one finding says what, why and how it is known', async () => {
  const { asked } = renderApp(
    { finding_list: request => listFindings(FAKE_FINDINGS, request, complete, '2026-03-02T10:00:00Z') },
    '#/findings',
  );
  const table = await screen.findByRole('table', { name: 'Findings' });
  await within(table).findByText('POST /admin/orders/{orderId}/refund');
  expect(within(table).getAllByRole('row')[1]?.textContent).toContain('critical');
  fireEvent.click(within(table).getByText('POST /admin/orders/{orderId}/refund'));
  await screen.findByText('Why it matters');
  await screen.findByText('/apiSummary/~1admin~1orders~1{orderId}~1refund/POST/authorizationType');
  await screen.findByText(/the tag portcullis:audience/u);
  expect(asked.some(call => JSON.stringify(call.request).includes('"ids":["G1 '))).toBe(true);
});

test('a tile shows only its severity', async () => {
  const { asked } = renderApp({ finding_list: request => listFindings(FAKE_FINDINGS, request, complete, 'now') }, '#/findings');
  const tile = async () =>
    within(await screen.findByRole('group', { name: 'Findings by severity' })).getByRole('button', { name: /Critical/u });
  fireEvent.click(await tile());
  await waitFor(() => expect(asked.some(call => JSON.stringify(call.request).includes('"severities":["critical"]'))).toBe(true));
  expect((await tile()).getAttribute('aria-pressed')).toBe('true');
});

test('what is not known is not called good, and what is missing is said', async () => {
  const coverage = { complete: false, gaps: [gap] };
  renderApp({ finding_list: request => listFindings(FAKE_FINDINGS, request, coverage, 'now') }, '#/findings');
  await screen.findByText(/ask for apigateway:GET on \/usageplans/u);
  const table = await screen.findByRole('table', { name: 'Findings' });
  expect(within(table).getByText(/GetWebACL was not read/u)).toBeTruthy();
});

test('a finding is accepted with reason, owner and day', async () => {
  const user = userEvent.setup();
  const findings = structuredClone(FAKE_FINDINGS);
  const id = findings[0]?.id ?? '';
  const { asked } = renderApp(
    {
      finding_list: request => listFindings(findings, request, complete, 'now'),
      finding_exception_set: () => findings[0] as (typeof findings)[0],
    },
    `#/findings?finding=${encodeURIComponent(JSON.stringify(id))}`,
  );
  fireEvent.click(await screen.findByText('Exception'));
  fireEvent.click(await screen.findByText('Accept until a day'));
  const accept = () => screen.getByRole('button', { name: 'Accept' });
  await waitFor(() => expect((accept() as HTMLButtonElement).disabled).toBe(true));
  await user.type(screen.getByLabelText('Reason'), 'until the authorizer is out');
  await user.type(screen.getByLabelText('Owner'), 'customer service');
  await user.type(screen.getByLabelText('Until'), '2026-03-31');
  fireEvent.click(accept());
  await waitFor(() => {
    const call = asked.find(one => one.name === 'finding_exception_set');
    expect(call?.request).toEqual({
      findingId: id,
      exception: { reason: 'until the authorizer is out', owner: 'customer service', expires: '2026-03-31' },
    });
  });
});

test('names of others are shown as they are and do nothing', async () => {
  const hostile = structuredClone(FAKE_FINDINGS);
  const first = hostile[0];
  if (first) {
    first.resource.label = '<img src=x onerror=alert(1)> \u202e';
    first.actual = '=HYPERLINK("x")';
  }
  renderApp({ finding_list: request => listFindings(hostile, request, complete, 'now') }, '#/findings');
  await screen.findByText('<img src=x onerror=alert(1)> \\u{202e}');
  expect(document.querySelector('img[src=x]')).toBeNull();
});

test('a list that cannot be had says so', async () => {
  renderApp(
    {
      finding_list: () => {
        throw { code: 'store-unusable', message: 'The disk is full.', hint: 'Make room on the disk, then try again.' };
      },
    },
    '#/findings',
  );
  await screen.findByText('Make room on the disk, then try again.');
});

test('what this console can put right is planned from the finding, with its numbers', async () => {
  const limited = FAKE_FINDINGS.map(one => ({ ...one, change: { kind: 'routeLimit' as const, rate: 10, burst: 20 } }));
  const asked: unknown[] = [];
  renderApp(
    {
      finding_list: request => listFindings(limited, request, complete, 'now'),
      throttle_set: request => {
        asked.push(request);
        throw { code: 'not-found', message: 'The route is gone.' };
      },
    },
    '#/findings',
  );
  const table = await screen.findByRole('table', { name: 'Findings' });
  fireEvent.click(await within(table).findByText('POST /admin/orders/{orderId}/refund'));
  fireEvent.click(await screen.findByRole('button', { name: 'Plan the change' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Review the plan' }));
  await screen.findByText('The route is gone.');
  expect(asked).toEqual([
    {
      selection: { kind: 'routes', routeIds: ['111122223333/eu-west-1/a1/prod/POST/admin/orders/{orderId}/refund'] },
      rate: '10',
      burst: '20',
      remove: false,
    },
  ]);
});
