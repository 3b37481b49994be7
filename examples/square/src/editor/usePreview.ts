import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { graphql } from '../gql';

const preview = graphql(/* GraphQL */ `
  query Preview($id: ID!) {
    node(id: $id) {
      id
      ... on EditorSession {
        contentHtml
      }
    }
  }
`);

interface Rendered {
  readonly html?: string; // undefined until the first answer
  readonly loading: boolean;
  readonly error?: unknown; // html is of an earlier revision then
  again(): void;
}

// The saved text of an editor session as the server renders it, read again for each revision.
export function usePreview(id: string, revision: number): Rendered {
  const client = useApolloClient();
  const [tries, setTries] = useState(0);
  const [rendered, setRendered] = useState<Omit<Rendered, 'again'>>({ loading: true });

  useEffect(() => {
    let wanted = true;
    const change = (to: Partial<Rendered>) => wanted && setRendered((last) => ({ ...last, error: undefined, loading: false, ...to }));
    change({ loading: true });
    // The answer to a question of before may be of an earlier revision: it is not shared.
    client.query({ query: preview, variables: { id }, fetchPolicy: 'no-cache', context: { queryDeduplication: false } }).then(
      ({ data }) => change({ html: (data?.node?.__typename === 'EditorSession' && data.node.contentHtml) || '' }),
      (error: unknown) => change({ error }),
    );
    return () => void (wanted = false);
  }, [client, id, revision, tries]);

  return { ...rendered, again: () => setTries(tries + 1) };
}
