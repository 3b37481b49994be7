// The audits of GraphQL over HTTP by graphql-http: what the specification leaves to the server is asked for, too.
import { serverAudits } from 'graphql-http';
import { server } from '../lib/server.mjs';

export const declared = 61;

export async function run(check) {
  for (const audit of serverAudits({ url: () => server.url, fetchFn: fetch })) {
    await check(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      if (result.status !== 'ok') throw new Error(`${result.status}: ${result.reason}${await answer(result.response)}`);
    });
  }
}

async function answer(response) {
  if (!response) return '';
  const body = response.bodyUsed ? '' : await response.text();
  return `\n${response.status} ${response.headers.get('content-type')} ${body}`;
}
