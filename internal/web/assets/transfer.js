// Sends files by tus 1.0, with nothing but fetch, and fetches them.
import { send } from './client.js';
import { withAuthorization } from './session.js';

const least = 1 << 20; // bytes of the first piece: small, so that soon something is seen
const most = 4 << 20; // bytes of any piece: what is lost at most where the connection breaks
const pauses = [1, 2, 4, 8]; // seconds before another try, each after a failure that follows the one before
const settling = 2; // seconds between two looks at a file that has arrived

const startUpload = `mutation ($input: StartUploadInput!) {
  startUpload(input: $input) { file { id } uploadUrl }
}`;
const stateOfFile = `query ($id: ID!) {
  node(id: $id) { ... on File { id size status failure contentType url } }
}`;

// Refused is what the server will not change its mind about.
export class Refused extends Error {}

// Upload is a file on its way. What was sent stays sent: after a failure, run goes on where the server says.
export class Upload {
  #address;

  constructor(file) {
    this.file = file;
    this.offset = 0; // bytes that have arrived
  }

  // Sends the file and returns what has become of it. onChange hears that the id is known, how far it has come, and of
  // an error after which it will be tried again.
  async run(onChange, signal) {
    const resumed = Boolean(this.#address);
    if (!resumed) await this.#start();
    onChange();
    await this.#send(resumed, onChange, signal);
    return this.#settled(signal);
  }

  // Breaks the upload off: the server forgets it.
  async remove() {
    if (this.#address) await request(this.#address, 'DELETE');
  }

  async #start() {
    const { name, size } = this.file;
    // No media type: a browser only guesses it from the name, and the server looks at the content.
    const { startUpload: started } = await ask(startUpload, { input: { name, size } });
    this.id = started.file.id;
    this.#address = here(started.uploadUrl);
  }

  async #send(resumed, onChange, signal) {
    let failures = 0;
    let lost = resumed; // whether the server has to say how far it has come
    for (let size = least; lost || this.offset < this.file.size; ) {
      try {
        if (lost) this.offset = offsetOf(await request(this.#address, 'HEAD', {}, undefined, signal));
        lost = false;
        if (this.offset === this.file.size) return;
        const piece = this.file.slice(this.offset, this.offset + size);
        const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': this.offset };
        this.offset = offsetOf(await request(this.#address, 'PATCH', headers, piece, signal));
        failures = 0;
        size = Math.min(size * 2, most);
        onChange();
      } catch (error) {
        if (signal.aborted || error instanceof Refused || failures === pauses.length) throw error;
        onChange(error);
        await pause(pauses[failures++], signal);
        lost = true;
        size = least;
      }
    }
  }

  // The last piece is answered when the file is in order. Where that answer was lost, the server may still look at it.
  async #settled(signal) {
    for (;;) {
      const { node } = await ask(stateOfFile, { id: this.id });
      if (!node) throw new Refused('The server no longer has this file.');
      if (node.status === 'FAILED') throw new Refused(node.failure);
      if (node.status === 'STORED') return node;
      await pause(settling, signal);
    }
  }
}

// Fetches a file and lets the browser save it. A link would not do: it sends no session.
export async function save(url, name) {
  const response = await fetch(here(url), { headers: withAuthorization(new Headers()) });
  if (!response.ok) throw new Error(await messageOf(response));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser may have asked where to save it
}

async function ask(query, variables) {
  const { data, errors } = await send({ query, variables }, withAuthorization(new Headers()));
  if (!errors && data) return data;
  const message = errors?.map((e) => e.message).join('\n') || 'The server gave no answer.';
  const { code } = errors?.[0]?.extensions ?? {};
  throw code && code !== 'INTERNAL' ? new Refused(message) : new Error(message);
}

async function request(address, method, headers, body, signal) {
  const all = withAuthorization(new Headers({ 'Tus-Resumable': '1.0.0', ...headers }));
  let response;
  try {
    response = await fetch(address, { method, headers: all, body, signal });
  } catch {
    throw new Error('The server cannot be reached.');
  }
  if (response.ok) return response;
  const { status } = response;
  const message = await messageOf(response);
  // The upload is elsewhere than thought, still held by a request that broke, or the server is busy: all that passes.
  if (status >= 500 || [408, 409, 423, 429].includes(status)) throw new Error(message);
  throw new Refused(message);
}

function offsetOf(response) {
  const offset = Number(response.headers.get('Upload-Offset') ?? NaN);
  if (Number.isNaN(offset)) throw new Refused('The server does not say how much has arrived.');
  return offset;
}

// The message of a refusal: tus has it as text after a code, a download as JSON.
async function messageOf(response) {
  const text = (await response.text()).trim();
  try {
    return JSON.parse(text).error;
  } catch {
    return text.replace(/^ERR_\w+: /, '') || `The server answered ${response.status} ${response.statusText}.`;
  }
}

// The server may know itself by another name than this page does; its files are next to the page all the same.
function here(url) {
  return new URL(url, location.href).pathname;
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
