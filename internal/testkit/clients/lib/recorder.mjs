// What a client has sent, and what it was answered.
import { createHash, randomUUID } from 'node:crypto';

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');
export const random = () => randomUUID().replaceAll('-', '');

// A fetch that notes each request: method, headers, the text and the hash of the operation, and of the answer its status, its
// media type and the code of its first error.
export function recorder() {
  const requests = [];
  async function recorded(url, options = {}) {
    const response = await fetch(url, options);
    requests.push({ ...asked(new URL(url), options), ...await answered(response) });
    return response;
  }
  return { fetch: recorded, requests };
}

function asked(url, { method = 'GET', headers, body }) {
  const { query, extensions } = typeof body === 'string' ? JSON.parse(body) : parametersOf(url.searchParams);
  return { method, headers, query, hash: extensions?.persistedQuery?.sha256Hash };
}

function parametersOf(search) {
  const parameters = Object.fromEntries(search);
  return { ...parameters, extensions: JSON.parse(parameters.extensions ?? '{}') };
}

async function answered(response) {
  const type = response.headers.get('Content-Type') ?? '';
  const body = /json/.test(type) ? await response.clone().json() : {}; // a stream is left to the client;
  return { status: response.status, type, code: body.errors?.[0].extensions?.code ?? body.errors?.[0].message };
}
