// Builds the front end, and serves it together with the API of a docsquare server.
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pages } from './server/pages.mjs';

const server = process.env.DOCSQUARE_URL ?? 'http://127.0.0.1:8080';
const port = Number(process.env.PORT ?? 5173);

// What the built pages may do: nothing with any other host.
const policy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const headers = { 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff' };

// The API keeps the name that the browser called, so the pages have the server's own origin.
const addresses = ['/graphql', '/files', '/markdown.css', '/feeds', '/sitemap.xml', '/robots.txt'];
const proxy = Object.fromEntries(addresses.map((address) => [address, { target: server, ws: address === '/graphql', xfwd: true }]));

// Says at once whether there is a server to ask; the pages say so too, whenever they cannot reach it.
const reachable = {
  name: 'docsquare-reachable',
  configureServer: tell,
  configurePreviewServer: tell,
};

async function tell({ config: { logger } }) {
  const answer = await fetch(`${server}/healthz`).catch(() => undefined);
  if (answer?.ok) return logger.info(`  The API is that of ${server}`);
  logger.warn(`  No docsquare answers at ${server}: start one with "make run", or name another by DOCSQUARE_URL`);
}

// The head of each page, for crawlers and for links that are shared.
const served = {
  name: 'docsquare-served-head',
  configurePreviewServer({ config: { root, build, logger }, middlewares }) {
    const onFailure = (error) => logger.warn(`  A page is served without a head for its address: ${error.message}`);
    middlewares.use(pages({ file: resolve(root, build.outDir, 'index.html'), server, headers, site: process.env.PUBLIC_URL || undefined, onFailure }));
  },
};

export default defineConfig({
  plugins: [react(), reachable, served],
  server: { host: '127.0.0.1', port, strictPort: true, proxy },
  preview: {
    host: '127.0.0.1',
    port,
    strictPort: true,
    proxy,
    headers,
  },
});
