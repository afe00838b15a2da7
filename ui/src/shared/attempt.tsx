import { useFrame } from '../app/panel';
import { ErrorWords } from './states';

/** Runs what a click started; when it fails, a message of the frame says so. */
export function useAttempt() {
  const frame = useFrame();
  return (work: () => Promise<unknown>) => {
    work().catch((error: unknown) => frame.notify('error', <ErrorWords error={error} />));
  };
}
