// The docsquare server under test: one started from DOCSQUARE_BINARY, or the one at DOCSQUARE_URL.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const trusted = fileURLToPath(new URL('../../trusted.json', import.meta.url));
const { DOCSQUARE_BINARY: binary, DOCSQUARE_URL: given } = process.env;

export async function freePort() {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

// A server of its own that knows no trusted documents; undefined if a running server is tested.
export async function serverWithoutTrust() {
  return given ? undefined : newServer({});
}

export async function serverUnderTest() {
  if (given) return { url: given };
  if (!binary) throw new Error('set DOCSQUARE_BINARY to a docsquare binary, or DOCSQUARE_URL to the address of a server');
  return newServer({ TRUSTED_DOCUMENTS: trusted, TRUSTED_DOCUMENTS_MODE: 'enforce' }); // nothing runs but the operations of the front end
}

async function newServer(settings) {
  const directory = await mkdtemp(join(tmpdir(), 'square-'));
  return new OwnServer(directory, `127.0.0.1:${await freePort()}`, settings);
}

// A server on sample documents.
class OwnServer {
  #process;
  #log = '';

  constructor(directory, address, settings) {
    this.settings = settings;
    this.directory = directory;
    this.address = address;
    this.url = `http://${address}`;
    process.on('exit', () => this.#remove()); // however the run ends, nothing of it stays
  }

  async start() {
    const env = {
      PATH: process.env.PATH,
      ENVIRONMENT: 'development',
      ADDR: this.address,
      DATABASE_URL: `sqlite://${join(this.directory, 'square.db')}`,
      FILES_URL: `file://${join(this.directory, 'files')}`,
      ...this.settings,
    };
    this.#process = spawn(binary, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on('data', (text) => (this.#log += text));
    await this.#ready();
  }

  // As a crash would: it has no time to finish anything.
  async kill() {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  #remove() {
    this.#process?.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #ready() {
    for (let tries = 0; tries < 200; tries++) {
      if (this.#process.exitCode !== null) break;
      if ((await fetch(`${this.url}/readyz`).catch(() => undefined))?.ok) return;
      await pause(50);
    }
    throw new Error(`the server does not start:\n${this.#log}`);
  }
}
