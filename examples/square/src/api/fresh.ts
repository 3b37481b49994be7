// Sends back the version that the last write was answered with, so that no instance of the server answers with less.
import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';

const header = 'X-Cache-Version';

export function freshLink(): ApolloLink {
  let version: string | null = null;
  return new ApolloLink((operation, forward) => {
    if (version) operation.setContext(({ headers }) => ({ headers: { ...headers, [header]: version } }));
    return forward(operation).pipe(tap(() => {
      const { response } = operation.getContext();
      version = (response instanceof Response && response.headers.get(header)) || version;
    }));
  });
}
