// The upload panel: files are chosen or dropped, sent, and shown with what has become of each. It stays open next to
// GraphiQL, so that an upload can be watched from there.
import { element } from './element.js';
import { bytes } from './format.js';
import { onSession } from './session.js';
import { settings } from './settings.js';
import { Refused, save, Upload } from './transfer.js';

const byId = (id) => document.getElementById(id);
const panel = byId('upload-panel');
const button = byId('upload');
const list = byId('upload-list');
const running = new Set(); // AbortControllers
let openExample;
let owner; // whose files the panel shows

// Calls back with an example that is about a file, filled in.
export function onFileExample(open) {
  openExample = open;
}

onSession((session) => {
  button.disabled = !session;
  button.title = session ? 'Send files to the server' : 'Sign in to send files to the server';
  if (session?.username === owner) return;
  owner = session?.username;
  running.forEach((controller) => controller.abort());
  list.replaceChildren();
  if (!session) show(false);
});

function show(open) {
  if (open) panel.show();
  else panel.close();
  button.ariaExpanded = String(open);
}

button.addEventListener('click', () => show(!panel.open));
byId('upload-close').addEventListener('click', hide);
panel.addEventListener('keydown', (event) => event.key === 'Escape' && hide());

function hide() {
  show(false);
  button.focus();
}

byId('upload-choose').addEventListener('change', ({ target }) => {
  add(target.files);
  target.value = ''; // so that the same file can be chosen again
});

// Without this a browser leaves the page for the file that is dropped.
for (const type of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  panel.addEventListener(type, (event) => {
    event.preventDefault();
    panel.classList.toggle('uploads-over', type === 'dragenter' || type === 'dragover');
    if (type === 'drop') add(event.dataTransfer.files);
  });
}

function add(files) {
  for (const file of files) {
    const entry = new Entry(file);
    list.prepend(entry.element);
    entry.run();
  }
}

// Entry is one file in the list.
class Entry {
  #upload;
  #bar = element('progress', { max: 1, value: 0 });
  #percent = element('span', { className: 'uploads-percent' });
  #state = element('p', { className: 'uploads-state', role: 'status' });
  #buttons = element('div', { className: 'uploads-buttons' });

  constructor(file) {
    this.#upload = new Upload(file);
    this.#bar.ariaLabel = `Progress of ${file.name}`;
    const name = element('strong', { title: file.name }, file.name);
    const size = element('span', { className: 'uploads-size' }, bytes(file.size));
    const line = element('div', { className: 'uploads-progress' }, this.#bar, this.#percent);
    this.element = element('li', {}, element('div', { className: 'uploads-name' }, name, size), line, this.#state, this.#buttons);
  }

  async run() {
    const controller = new AbortController();
    running.add(controller);
    this.#say('sending', 'Uploading…', { Cancel: () => controller.abort() });
    try {
      const stored = await this.#upload.run((error) => this.#progress(error, controller), controller.signal);
      this.#stored(stored);
    } catch (error) {
      if (controller.signal.aborted) await this.#cancelled();
      else this.#failed(error);
    } finally {
      running.delete(controller);
    }
  }

  #progress(error, controller) {
    const { id, offset, file } = this.#upload;
    this.#bar.value = offset / file.size;
    this.#percent.textContent = `${Math.floor((100 * offset) / file.size)} %`;
    const going = offset < file.size ? 'Uploading…' : 'Processing…';
    this.#say('sending', error ? `${error.message} – trying again …` : going, {
      Watch: () => fileExample('Upload progress', id),
      Cancel: () => controller.abort(),
    });
  }

  #stored({ id, size, contentType, url }) {
    this.#say('stored', `Stored: ${bytes(size)}, ${contentType}`, {
      Download: () => save(url, this.#upload.file.name).catch((error) => this.#say('failed', error.message)),
      'Create document': () => fileExample('Document of a file', id),
      Dismiss: () => this.#dismiss(),
    });
  }

  #failed(error) {
    const again = error instanceof Refused ? {} : { 'Resume': () => this.run() };
    this.#say('failed', `Failed: ${error.message}`, { ...again, Dismiss: () => this.#dismiss() });
  }

  async #cancelled() {
    let text = 'Cancelled';
    await this.#upload.remove().catch((error) => (text = `Stopped, but the server keeps it for now: ${error.message}`));
    this.#say('cancelled', text, { Dismiss: () => this.#dismiss() });
  }

  #dismiss() {
    this.element.remove();
    panel.focus(); // the button that had the focus is gone
  }

  // The buttons stay the same elements while their names do, so that none loses the focus to a progress.
  #say(state, text, actions) {
    this.element.className = `uploads-${state}`;
    if (this.#state.textContent !== text) this.#state.textContent = text;
    if (!actions) return;
    const old = new Map([...this.#buttons.children].map((b) => [b.textContent, b]));
    const make = (name) => element('button', { type: 'button', className: 'button' }, name);
    const buttons = Object.keys(actions).map((name) => old.get(name) ?? make(name));
    buttons.forEach((b) => (b.onclick = actions[b.textContent]));
    if (old.size === buttons.length && buttons.every((b) => b.isConnected)) return;
    const focused = this.#buttons.contains(document.activeElement) ? document.activeElement : null;
    this.#buttons.replaceChildren(...buttons);
    // Where its button is gone, the focus goes to no other one: a key would do there what was not meant.
    if (focused) (buttons.includes(focused) ? focused : panel).focus();
  }
}

function fileExample(name, id) {
  const example = settings.examples.find((e) => e.name === name);
  openExample({ ...example, variables: example.variables.replace('FILE-ID', id), refill: true });
  if (matchMedia('(width < 720px)').matches) show(false); // there it covers what was opened
}
