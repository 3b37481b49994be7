// The page of a document as a Relay app has it: refetched by its identifier, with its comments as a connection.
import { graphql } from 'relay-runtime';

export const DocumentQuery = graphql`
  query documentQuery($id: ID!) {
    document(id: $id) {
      ...document_page
      ...document_comments
    }
  }
`;

export const DocumentPage = graphql`
  fragment document_page on Document @refetchable(queryName: "documentRefetchQuery") {
    id
    title
    bodyHtml
    viewerHasLiked
    stats { likes comments }
  }
`;

export const DocumentComments = graphql`
  fragment document_comments on Document
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "documentCommentsPaginationQuery") {
    comments(first: $count, after: $cursor) @connection(key: "document_comments") {
      __id
      edges {
        node {
          id
          body
          author { username }
        }
      }
    }
  }
`;

export const AddComment = graphql`
  mutation documentAddCommentMutation($input: AddCommentInput!, $connections: [ID!]!) {
    addComment(input: $input) {
      comment @appendNode(connections: $connections, edgeTypeName: "CommentEdge") {
        id
        body
        author { username }
      }
      document {
        id
        stats { comments }
      }
    }
  }
`;
