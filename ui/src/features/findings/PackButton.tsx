import Button from '@cloudscape-design/components/button';
import { useState } from 'react';

import { host } from '../../api/client';
import { useFrame } from '../../app/panel';
import { ErrorWords } from '../../shared/states';

/** Writes everything that an auditor asks for into a folder. */
export function PackButton() {
  const frame = useFrame();
  const [writing, setWriting] = useState(false);
  const write = async () => {
    try {
      const directory = await host.chooseSavePath('evidence');
      if (directory === null) return;
      setWriting(true);
      const pack = await host.call('evidence_pack_write', { directory });
      frame.notify(
        pack.complete ? 'success' : 'warning',
        `${pack.files.length} files were written to ${pack.directory}; SHA256SUMS lists their hashes.${pack.complete ? '' : ' Some verdicts could not be given: the pack says which.'}`,
      );
    } catch (error) {
      frame.notify('error', <ErrorWords error={error} />);
    } finally {
      setWriting(false);
    }
  };
  return (
    <Button loading={writing} onClick={() => void write()}>
      Evidence pack
    </Button>
  );
}
