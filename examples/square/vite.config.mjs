// Builds the front end, and serves it together with the API of a docsquare server.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.DOCSQUARE_URL ?? 'http://127.0.0.1:8080';
const port = Number(process.env.PORT ?? 5173);

// What the built pages may do: nothing with any other host.
const policy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// The API keeps the name that the browser called, so the pages have the server's own origin.
const proxy = {
  '/graphql': { target: server, ws: true },
  '/files': { target: server },
  '/markdown.css': { target: server },
  '/feeds': { target: server },
  '/sitemap.xml': { target: server },
  '/robots.txt': { target: server },
};

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

export default defineConfig({
  plugins: [react(), reachable],
  server: { host: '127.0.0.1', port, strictPort: true, proxy },
  preview: {
    host: '127.0.0.1',
    port,
    strictPort: true,
    proxy,
    headers: { 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff' },
  },
});
