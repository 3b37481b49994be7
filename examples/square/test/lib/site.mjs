// The built front end, served as "npm start" serves it.
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';
import { freePort } from './server.mjs';

export async function serveSite(server) {
  process.env.DOCSQUARE_URL = server.url;
  process.env.PORT = String(await freePort());
  const site = await preview({ root: fileURLToPath(new URL('../..', import.meta.url)), logLevel: 'silent' });
  return { url: `http://127.0.0.1:${process.env.PORT}`, close: () => site.close() };
}
