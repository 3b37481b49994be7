// The client of one session: what one viewer has read is never shown to another.
import { ApolloClient, ApolloLink } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import type { Session } from '../session/session';
import { createCache } from './cache';
import { freshLink } from './fresh';
import { hasFile, multipartLink } from './multipart';
import { plainJsonLink } from './plainJson';
import { sessionLink } from './sessionLink';
import { createSocket } from './socket';
import { trustedLink } from './trusted';

export interface Api {
  readonly client: ApolloClient;
  dispose(): void;
}

export function createApi(session: Session | undefined): Api {
  const socket = createSocket(session, () => void client.refetchQueries({ include: 'active' }));
  const transport = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    ApolloLink.from([freshLink(), ApolloLink.split(hasFile, multipartLink('/graphql'), plainJsonLink('/graphql'))]),
  );
  const client = new ApolloClient({
    cache: createCache(),
    link: ApolloLink.from([...(session ? [sessionLink(session)] : []), trustedLink(), transport]),
  });
  return {
    client,
    dispose() {
      client.stop();
      void socket.dispose();
    },
  };
}
