// The tech square as a Relay app has it: a connection that grows page by page.
import { graphql } from 'relay-runtime';

export const SquareQuery = graphql`
  query squareQuery($count: Int!, $filter: DocumentFilter) {
    ...square_documents @arguments(count: $count, filter: $filter)
  }
`;

export const SquareDocuments = graphql`
  fragment square_documents on Query
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    filter: { type: "DocumentFilter" }
  )
  @refetchable(queryName: "squarePaginationQuery") {
    documents(first: $count, after: $cursor, filter: $filter) @connection(key: "square_documents", filters: ["filter"]) {
      totalCount
      edges {
        node {
          id
          ...square_card
        }
      }
    }
  }
`;

export const SquareCard = graphql`
  fragment square_card on Document {
    title
    summary
    publishedAt
    author { username displayName }
    stats { views likes comments }
  }
`;
