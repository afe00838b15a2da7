// What a core dump of a process would hold, read from the memory of the process itself (Linux).
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';

const PAGE = 4096n;
const ENTRY = 8;
/** Pages that are looked up at once. */
const PAGES = 1 << 17;
const CHUNK = 8 << 20;
/** A text that is searched for may begin in one piece and end in the next. */
const OVERLAP = 1024;

export interface Process {
  pid: number;
  /** As the kernel has it: the first 15 characters. */
  name: string;
}

/** The processes that a process started, and those that they started. */
export function descendants(of: number): Process[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const end = stat.lastIndexOf(')');
        const parent = Number(stat.slice(end + 2).split(' ')[1]);
        return [{ pid: Number(name), name: stat.slice(stat.indexOf('(') + 1, end), parent }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
  const below = (parent: number): Process[] =>
    all.filter(one => one.parent === parent).flatMap(({ pid, name }) => [{ pid, name }, ...below(pid)]);
  return below(of);
}

/** The ways in which a text may lie in memory or in a file: UTF-8, UTF-16 in both orders, base64 at each of its three offsets. */
export function forms(text: string): Buffer[] {
  const utf8 = Buffer.from(text, 'utf8');
  const utf16 = Buffer.from(text, 'utf16le');
  const base64 = [0, 1, 2].map(before => {
    const encoded = Buffer.concat([Buffer.alloc(before), utf8]).toString('base64');
    // Without what the bytes before and after take part in.
    return Buffer.from(encoded.slice(before === 0 ? 0 : before + 1, Math.floor(((before + utf8.length) * 8) / 6)), 'latin1');
  });
  return [utf8, utf16, Buffer.from(utf16).swap16(), ...base64];
}

/** Which of the texts are in these bytes, in any form. */
export function found(texts: readonly string[], bytes: Buffer): string[] {
  return texts.filter(text => forms(text).some(form => bytes.includes(form)));
}

/** The parts of an address range that are in memory or swapped out: what was only reserved is empty. */
function* present(pagemap: number, from: bigint, to: bigint): Generator<[bigint, bigint]> {
  const entries = Buffer.alloc(PAGES * ENTRY);
  let begin: bigint | null = null;
  for (let page = from / PAGE; page < to / PAGE; page += BigInt(PAGES)) {
    const count = Math.min(PAGES, Number(to / PAGE - page));
    const read = readSync(pagemap, entries, 0, count * ENTRY, page * BigInt(ENTRY));
    for (let at = 0; at < read / ENTRY; at++) {
      // Bits 63 and 62 of an entry (proc_pid_pagemap(5)).
      const there = (entries[at * ENTRY + ENTRY - 1] ?? 0) >= 0x40;
      const address = (page + BigInt(at)) * PAGE;
      if (there) begin ??= address;
      else if (begin !== null) {
        yield [begin, address];
        begin = null;
      }
    }
  }
  if (begin !== null) yield [begin, to];
}

/**
 * Which of the texts are in the memory of a process, which stands still meanwhile. `bytes` is how much was searched.
 * Files that are mapped and not written to are left out, as in a core dump.
 */
export function inMemory(pid: number, texts: readonly string[]): { texts: string[]; bytes: number } {
  const needles = texts.map(text => ({ text, forms: forms(text) }));
  const seen = new Set<string>();
  let bytes = 0;
  process.kill(pid, 'SIGSTOP');
  const [memory, pagemap] = [openSync(`/proc/${pid}/mem`, 'r'), openSync(`/proc/${pid}/pagemap`, 'r')];
  try {
    const chunk = Buffer.alloc(CHUNK);
    for (const line of readFileSync(`/proc/${pid}/maps`, 'latin1').trim().split('\n')) {
      const [range = '', access = '', , , , path = ''] = line.split(/\s+/);
      const file = path.startsWith('/') && !path.startsWith('/dev/shm') && !path.startsWith('/memfd');
      if (!access.startsWith('r') || path === '[vvar]' || path === '[vvar_vclock]' || path === '[vsyscall]') continue;
      if (path.startsWith('/dev/dri') || (file && !access.includes('w'))) continue;
      const [from = 0n, to = 0n] = range.split('-').map(part => BigInt(`0x${part}`));
      for (const [begin, end] of present(pagemap, from, to)) {
        for (let at = begin; at < end; at += BigInt(CHUNK - OVERLAP)) {
          const read = readSync(memory, chunk, 0, Math.min(CHUNK, Number(end - at)), at);
          bytes += read;
          const part = chunk.subarray(0, read);
          for (const needle of needles) if (!seen.has(needle.text) && needle.forms.some(form => part.includes(form))) seen.add(needle.text);
        }
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pagemap);
    process.kill(pid, 'SIGCONT');
  }
  return { texts: [...seen], bytes };
}
