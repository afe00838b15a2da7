// The only file that knows the host: everything else calls operations through `call`.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { Operations, WireError } from './bindings';
import { errorWords } from './errors';

export type Operation = keyof Operations;
export type Request<K extends Operation> = Operations[K]['request'];
export type Response<K extends Operation> = Operations[K]['response'];

/** What the interface needs of whoever hosts it: the window, or a test. */
export interface Platform {
  call<K extends Operation>(name: K, request: Request<K>): Promise<Response<K>>;
  /** Calls back whenever the inventory changed; answers with how to stop. */
  onInventory(changed: () => void): () => void;
  /** Asks for a file name; null when the person thought better of it. */
  chooseSavePath(suggestedName: string): Promise<string | null>;
  openUrl(url: string): Promise<void>;
  copyText(text: string): Promise<void>;
  /** The same for a key's value: the clipboard is cleared after 60 seconds, unless it holds something else by then. */
  copySecret(text: string): Promise<void>;
}

const tauri: Platform = {
  call: (name, payload) => invoke('call', { name, payload }),
  onInventory: changed => {
    const stop = listen('inventory', changed);
    return () => void stop.then(unlisten => unlisten());
  },
  chooseSavePath: suggestedName => invoke('choose_save_path', { suggestedName }),
  openUrl: url => invoke('open_url', { url }),
  copyText: text => invoke('copy_text', { text }),
  copySecret: text => invoke('copy_secret', { text }),
};

let platform: Platform = tauri;

/** Puts another host in place: for tests, and for a plain browser during development. */
export function replaceHost(other: Platform) {
  platform = other;
}

export const host: Platform = {
  call: (name, request) => platform.call(name, request),
  onInventory: changed => platform.onInventory(changed),
  chooseSavePath: name => platform.chooseSavePath(name),
  openUrl: url => platform.openUrl(url),
  copyText: text => platform.copyText(text),
  copySecret: text => platform.copySecret(text),
};

function isWireError(error: unknown): error is WireError {
  // A DOMException has a code and a message too: only the codes of the table count.
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code in errorWords
  );
}

/** Whatever was thrown, as an error that can be shown. */
export function asWireError(error: unknown): WireError {
  if (isWireError(error)) return error;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
