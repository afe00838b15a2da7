import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { ContextList } from '../../api/bindings';
import { host } from '../../api/client';
import { useInvalidate } from '../../api/queries';
import { useAttempt } from '../../shared/attempt';

/** A first run without credentials: honest about it, and two ways on. */
export function Welcome({ list, connect }: { list: ContextList; connect: () => void }) {
  const invalidate = useInvalidate();
  const attempt = useAttempt();
  const openDemo = async () => {
    await host.call('context_select', { contexts: [{ source: { kind: 'demo' } }] });
    await invalidate();
  };
  const profiles = list.profiles.length;
  return (
    <Box margin={{ top: 'xxl' }}>
      <Container
        header={
          <Header variant="h1" description="Every route of your API gateways, grouped by whom it is for.">
            Welcome to Portcullis
          </Header>
        }
      >
        <SpaceBetween size="l">
          <Box>
            {profiles === 0
              ? 'No AWS credentials were found on this machine: no profile, no keys in the environment.'
              : `${profiles} ${profiles === 1 ? 'profile was' : 'profiles were'} found in the AWS configuration, and none is open.`}{' '}
            Nothing was sent anywhere.
          </Box>
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" onClick={() => attempt(openDemo)}>
              Open the demo account
            </Button>
            <Button onClick={connect}>Connect an AWS account</Button>
          </SpaceBetween>
          <div>
            <Box variant="h3">How to connect</Box>
            <ul>
              <li>
                With IAM Identity Center: <Box variant="code">aws configure sso</Box>, then{' '}
                <Box variant="code">aws sso login --profile NAME</Box>
              </li>
              <li>
                With a profile of <Box variant="code">~/.aws/config</Box>: keys, credential_process and assume-role all work
              </li>
              <li>
                With the environment: <Box variant="code">AWS_PROFILE</Box> or <Box variant="code">AWS_ACCESS_KEY_ID</Box>, and{' '}
                <Box variant="code">AWS_REGION</Box>
              </li>
            </ul>
            <Box color="text-body-secondary">Every context is read-only. Credentials stay where AWS's own tools keep them.</Box>
          </div>
        </SpaceBetween>
      </Container>
    </Box>
  );
}
