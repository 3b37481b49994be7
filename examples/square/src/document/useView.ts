import { useMutation } from '@apollo/client/react';
import { useEffect } from 'react';
import { graphql } from '../gql';

const recordView = graphql(/* GraphQL */ `
  mutation RecordView($id: ID!) {
    recordView(input: { documentId: $id }) {
      document {
        id
      }
    }
  }
`);

// Has a view of the document counted. The page does not wait for it, and does not show a failure.
export function useView(id: string | undefined): void {
  const [run] = useMutation(recordView);
  useEffect(() => {
    if (id) run({ variables: { id } }).catch(() => undefined);
  }, [id, run]);
}
