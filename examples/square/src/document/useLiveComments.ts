import { useSubscription } from '@apollo/client/react';
import { graphql } from '../gql';
import { insertComment } from './insertComment';

const commentAdded = graphql(/* GraphQL */ `
  subscription CommentAdded($id: ID!) {
    commentAdded(documentId: $id) {
      ...NewComment
    }
  }
`);

// Shows the comments of others as they come.
export function useLiveComments(id: string): void {
  useSubscription(commentAdded, {
    variables: { id },
    ignoreResults: true,
    onData({ client, data }) {
      if (data.data) insertComment(client.cache, id, data.data.commentAdded);
    },
  });
}
