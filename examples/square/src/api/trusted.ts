// Names each operation by its identifier in trusted.json. A server that was not given that file is sent the texts instead.
import type { ApolloLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import type { DocumentNode } from 'graphql';

let trusted = true; // for all sessions of the page: it is about the server

export function trustedLink(): ApolloLink {
  return new PersistedQueryLink({
    generateHash: identifierOf,
    disable: ({ meta }) => {
      trusted &&= !meta.persistedQueryNotFound;
      return !trusted;
    },
  });
}

function identifierOf(document: DocumentNode & { __meta__?: { hash?: string } }): string {
  const hash = document.__meta__?.hash;
  if (!hash) throw new Error('an operation that graphql-codegen does not know');
  return hash;
}
