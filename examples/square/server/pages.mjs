// Serves index.html with a head for its address. If the API has no answer in time, the page is served as it was built.
import { readFile } from 'node:fs/promises';
import { ask } from './api.mjs';
import { planOf } from './head.mjs';
import { withHead } from './tags.mjs';

const hostName = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

// Returns a handler for Node's http, Connect and Express. file is the built index.html, server the address of the API, headers those
// of every page, site where visitors reach the pages (otherwise where each request was sent to), patience in milliseconds.
export function pages({ file, server, headers = {}, site, patience = 1000, onFailure = () => undefined }) {
  return async (request, response, next) => {
    const address = addressOf(request);
    const base = site ?? (hostName.test(request.headers.host ?? '') ? `http://${request.headers.host}` : undefined);
    const plan = address && planOf(address, base);
    if (!plan) return next();
    try {
      const head = await headOf(plan, request).catch(onFailure);
      const html = await readFile(file, 'utf8');
      send(request, response, headers, head ? withHead(html, head) : html);
    } catch (error) {
      next(error);
    }
  };

  async function headOf({ question, head }, { headers: { 'x-forwarded-for': before }, socket }) {
    const client = [before, socket.remoteAddress].filter(Boolean).join(', ');
    return head(question && (await ask(server, ...question, { patience, client })));
  }
}

function addressOf({ method, url }) {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  try {
    return new URL(url, 'http://localhost');
  } catch {
    return undefined;
  }
}

function send({ method }, response, headers, html) {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(html), 'Cache-Control': 'no-cache' });
  response.end(method === 'HEAD' ? undefined : html);
}
