import { isReference, type ApolloCache, type Reference } from '@apollo/client';
import { graphql, readFragment, type FragmentType } from '../gql';

const newComment = graphql(/* GraphQL */ `
  fragment NewComment on Comment {
    id
    parent {
      id
    }
    ...CommentThread
  }
`);

// A list of comments as the cache keeps it.
interface Stored {
  readonly edges: readonly { readonly node: Reference | null }[];
}

// Puts a comment into the lists that it belongs to, once: its author gets it as an answer and as an event. Replies are the oldest first.
export function insertComment(cache: ApolloCache, documentId: string, comment: FragmentType<typeof newComment>): void {
  const { id, parent } = readFragment(newComment, comment);
  const holder = parent ?? { __typename: 'Document', id: documentId };
  cache.modify({
    id: cache.identify(holder),
    fields: {
      [parent ? 'replies' : 'comments'](list: Stored | Reference, { toReference, storeFieldName }) {
        const node = toReference({ __typename: 'Comment', id });
        if (!node || isReference(list) || list.edges.some((edge) => edge.node?.__ref === node.__ref)) return list;
        const edge = { __typename: 'CommentEdge', cursor: '', node };
        return { ...list, edges: storeFieldName.includes('"DESC"') ? [edge, ...list.edges] : [...list.edges, edge] };
      },
    },
  });
}
