// The real program in a real window under Xvfb, driven through WebKitWebDriver. Hermetic: its own home, its own display.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

import { Builder, By, Capabilities, Key, until } from 'selenium-webdriver';
import type { WebDriver, WebElement } from 'selenium-webdriver';

import { descendants } from './memory';
import type { Process } from './memory';

const ROOT = resolve(import.meta.dirname, '../..');
/** The program under test. */
export const APPLICATION = resolve(ROOT, process.env.PORTCULLIS_E2E_PROGRAM ?? 'target/debug/portcullis');
const DRIVER = resolve(ROOT, process.env.PORTCULLIS_E2E_DRIVER ?? 'target/tools/bin/tauri-driver');
// How long a person would be kept waiting before it counts as broken. Long, since a machine that is busy with something else
// (a disk that syncs for seconds) is not a fault of the program; a wait ends as soon as what it waits for is there.
const PATIENCE = 60_000;

/** A port that nothing listens on: whatever else runs on this machine, another run of these tests included, is left alone. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number, driver: ChildProcess): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if (driver.exitCode !== null) throw new Error(`the driver of the window ended with ${driver.exitCode}`);
    const open = await new Promise<boolean>(done => {
      const socket = createConnection({ port, host: '127.0.0.1' }, () => done(true));
      socket.on('error', () => done(false));
      socket.on('connect', () => socket.end());
    });
    if (open) return;
    await new Promise(again => setTimeout(again, 50));
  }
  throw new Error(`nothing answers on port ${port}`);
}

/** Starts a display whose number nobody else has: Xvfb looks for a free one and says which. */
async function freeDisplay(): Promise<{ name: string; process: ChildProcess }> {
  const screen = ['-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-displayfd', '3'];
  const process = spawn('Xvfb', screen, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const said = process.stdio[3] as Readable;
  const ended = once(process, 'exit').then(([code]) => {
    throw new Error(`Xvfb ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  const [number] = (await Promise.race([once(said, 'data'), ended])) as [Buffer];
  return { name: `:${number.toString().trim()}`, process };
}

/** Ends a process, or its whole group, at the latest by SIGKILL; one that is gone already is no failure. */
async function end(child: ChildProcess, group: boolean) {
  const signal = (name: NodeJS.Signals) => {
    try {
      if (group && child.pid !== undefined) process.kill(-child.pid, name);
      else child.kill(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
  signal('SIGTERM');
  const impatient = setTimeout(() => signal('SIGKILL'), 5_000);
  await gone;
  clearTimeout(impatient);
  // What the group's leader left behind.
  if (group) signal('SIGKILL');
}

/** A home of its own, which several starts may share. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), 'portcullis-e2e-'));

  write(name: string, text: string) {
    const path = join(this.path, name);
    mkdirSync(resolve(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }

  /** Every file in it, or in a part of it. */
  files(part = ''): string[] {
    return readdirSync(join(this.path, part)).flatMap(name => {
      const inside = join(part, name);
      const found = statSync(join(this.path, inside), { throwIfNoEntry: false });
      return found?.isDirectory() ? this.files(inside) : found?.isFile() ? [join(this.path, inside)] : [];
    });
  }

  remove() {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The program, running. */
export class Window {
  private constructor(
    readonly driver: WebDriver,
    private readonly server: ChildProcess,
    private readonly display: ChildProcess,
  ) {}

  /** Opens it; what it writes to its log is in `program.log` of the home. */
  static async open(home: Home, args: string[] = ['--demo'], environment: Record<string, string> = {}): Promise<Window> {
    const display = await freeDisplay();
    const [port, native] = [await freePort(), await freePort()];
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: home.path,
      LANG: 'C.UTF-8',
      DISPLAY: display.name,
      GDK_BACKEND: 'x11',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      PORTCULLIS_DATA_DIR: join(home.path, 'data'),
      PORTCULLIS_CONFIG_DIR: join(home.path, 'config'),
      ...environment,
    };
    const ports = ['--port', String(port), '--native-port', String(native)];
    const log = openSync(join(home.path, 'program.log'), 'a');
    const server = spawn('dbus-run-session', ['--', DRIVER, ...ports, '--native-driver', '/usr/bin/WebKitWebDriver'], {
      stdio: ['ignore', log, log],
      env,
      detached: true,
    });
    closeSync(log);
    try {
      await answers(port, server);
      const capabilities = new Capabilities();
      capabilities.setBrowserName('wry');
      capabilities.set('tauri:options', { application: APPLICATION, args });
      const driver = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
      return new Window(driver, server, display.process);
    } catch (error) {
      await end(server, true);
      await end(display.process, false);
      throw error;
    }
  }

  async close() {
    await this.driver.quit().catch(() => undefined);
    await end(this.server, true);
    await end(this.display, false);
  }

  /** The program's own process, and the web engine's that run its pages. */
  processes(): Process[] {
    const all = descendants(this.server.pid ?? 0);
    return all.filter(({ name }) => name === 'portcullis' || name.startsWith('WebKitWebProces') || name.startsWith('WebKitNetwork'));
  }

  /** The element, once it is there. */
  find(css: string): Promise<WebElement> {
    return this.driver.wait(until.elementLocated(By.css(css)), PATIENCE, `${css} did not appear`);
  }

  /** Waits until the text of an element holds. */
  async sees(css: string, holds: (text: string) => boolean): Promise<string> {
    let last = '';
    await this.driver.wait(
      async () => {
        // The page's own words: WebDriver's way of reading text asks for every element's visibility, for minutes.
        last = await this.driver.executeScript<string>('return document.querySelector(arguments[0])?.innerText ?? "";', css);
        return last !== '' && holds(last);
      },
      PATIENCE,
      () => `${css} never read as expected, but: ${last.slice(0, 500)}`,
    );
    return last;
  }

  async click(css: string) {
    const element = await this.find(css);
    await this.driver.executeScript('arguments[0].scrollIntoView({block: "center"}); arguments[0].click();', element);
  }

  /** Waits until there is no such element (any more). */
  async gone(css: string) {
    const none = async () => (await this.driver.findElements(By.css(css))).length === 0;
    await this.driver.wait(none, PATIENCE, `${css} did not go away`);
  }

  /** Clicks the button or the link that a person reads this on, or that begins with it. */
  async press(text: string, within = '', how: 'whole' | 'begins' = 'whole') {
    const reads =
      how === 'whole' ? `normalize-space(.)=${JSON.stringify(text)}` : `starts-with(normalize-space(.), ${JSON.stringify(text)})`;
    const button = await this.driver.wait(
      until.elementLocated(By.xpath(`${within}//*[self::button or self::a or @role="button"][${reads}]`)),
      PATIENCE,
      `there is no button ${text}`,
    );
    await this.driver.executeScript('arguments[0].click();', button);
  }

  async type(css: string, ...keys: string[]) {
    const element = await this.find(css);
    await element.sendKeys(...keys);
  }

  /** Goes to an address of the window. */
  async go(hash: string) {
    await this.driver.executeScript('window.location.hash = arguments[0];', hash);
  }

  /** Puts a text into a field in place of what it holds, as typing over a selection does. */
  async replace(css: string, text: string) {
    const field = await this.find(css);
    const script = `
      const [field, text] = arguments;
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, text);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    `;
    await this.driver.executeScript(script, field, text);
  }

  /** Chooses an option of the select box inside an element: it opens when the mouse goes down and takes what it comes up on. */
  async choose(within: string, option: string) {
    const trigger = await this.find(`${within} button[aria-haspopup]`);
    const mouse = `
      const [element, type] = arguments;
      element.scrollIntoView({ block: 'center' });
      element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
    `;
    await this.driver.executeScript(mouse, trigger, 'mousedown');
    const named = `return [...document.querySelectorAll('[data-mouse-target]')].find(one => one.innerText.includes(arguments[0]));`;
    const found = () => this.driver.executeScript<WebElement | null>(named, option);
    const item = await this.driver.wait(found, PATIENCE, `there is no option ${option}`);
    if (item) await this.driver.executeScript(mouse, item, 'mouseup');
  }

  async texts(css: string): Promise<string[]> {
    const elements = await this.driver.findElements(By.css(css));
    return Promise.all(elements.map(element => element.getText()));
  }

  async screenshot(name: string, directory = 'test-results') {
    mkdirSync(join(ROOT, directory), { recursive: true });
    writeFileSync(join(ROOT, directory, `${name}.png`), await this.driver.takeScreenshot(), 'base64');
  }
}

export { Key };
