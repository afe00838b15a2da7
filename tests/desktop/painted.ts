// How long a person waits from what they do until its answer is painted, measured in the page.
import type { Window } from './window';

const KEYSTROKES = 60;

/** How long each took, in ms, and how many changed nothing that could be seen for three seconds: those are not in `times`. */
export interface Measured {
  times: number[];
  unseen: number;
}

export function quantile(numbers: number[], share: number): number {
  return [...numbers].sort((one, other) => one - other)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? Number.NaN;
}

/** For a report. What took longer than three seconds cannot be told from what changed nothing, so both are counted aloud. */
export function toldOf({ times, unseen }: Measured): string {
  return `${told(times)}${unseen > 0 ? `; ${unseen} more changed nothing that was seen within 3 s` : ''}`;
}

export function told(numbers: number[]): string {
  const ms = (share: number) => quantile(numbers, share).toFixed(1);
  return `median ${ms(0.5)} ms, p95 ${ms(0.95)} ms, most ${ms(1)} ms`;
}

// In the page: one keystroke's time from its event to the frame after the list that answers it is in the document.
const MEASURE = `
  const [count, css, words, done] = arguments;
  const field = document.querySelector(css);
  const counter = () => document.querySelector('h1')?.innerText;
  const times = [];
  let unseen = 0;
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const type = text => new Promise(painted => {
    const before = counter();
    const began = performance.now();
    const end = () => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => painted(performance.now() - began);
      channel.port2.postMessage(0);
    });
    const watcher = new MutationObserver(() => {
      if (counter() === before) return;
      watcher.disconnect();
      end();
    });
    watcher.observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true });
    setTimeout(() => { watcher.disconnect(); painted(null); }, 3000);
    set.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  (async () => {
    for (let word = 0; times.length < count && word < count; word += 1) {
      const letters = words[word % words.length];
      for (let length = 1; length <= letters.length && times.length < count; length += 1) {
        const time = await type(letters.slice(0, length));
        // A letter after which as many lines match as before changes nothing that could be seen to be painted.
        if (time === null) unseen += 1;
        else times.push(time);
      }
      await type('');
    }
    done({ times, unseen });
  })();
`;

/** Types these words letter by letter into the filter of a view whose heading counts the lines that match. */
export async function keystrokes(window: Window, field: string, words: string[]): Promise<Measured> {
  return window.driver.executeAsyncScript<Measured>(MEASURE, KEYSTROKES, field, words);
}

// One page after the other: from the click to the frame after other rows are in the document.
const TURN = `
  const [count, board, done] = arguments;
  const first = () => document.querySelector(board + ' tbody tr')?.innerText;
  const turn = () => new Promise(painted => {
    const before = first();
    const button = document.querySelector(board + ' button[aria-label="Next page"]');
    const began = performance.now();
    const watcher = new MutationObserver(() => {
      if (first() === before || first() === undefined) return;
      watcher.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => painted(performance.now() - began);
        channel.port2.postMessage(0);
      });
    });
    watcher.observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true });
    setTimeout(() => { watcher.disconnect(); painted(null); }, 3000);
    button.click();
  });
  (async () => {
    const times = [];
    let unseen = 0;
    for (let page = 0; page < count; page += 1) {
      const time = await turn();
      if (time === null) unseen += 1;
      else times.push(time);
    }
    done({ times, unseen });
  })();
`;

/** Turns so many pages of a table. */
export async function turns(window: Window, table: string, count: number): Promise<Measured> {
  return window.driver.executeAsyncScript<Measured>(TURN, count, table);
}
