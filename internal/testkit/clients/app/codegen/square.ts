// The tech square: pages of documents, and search.
import { graphql, useFragment, type FragmentType } from '../../generated/codegen';
import type { Client } from './client';

const card = graphql(/* GraphQL */ `
  fragment Card on Document {
    id
    title
    summary
    createdAt
    tags
    author { username displayName }
    stats { views likes comments }
  }
`);

const feed = graphql(/* GraphQL */ `
  query Feed($first: Int!, $after: String, $filter: DocumentFilter) {
    documents(first: $first, after: $after, filter: $filter) {
      totalCount
      edges { cursor node { ...Card } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const search = graphql(/* GraphQL */ `
  query Search($query: String!, $first: Int!) {
    search(query: $query, first: $first) {
      totalCount
      edges {
        score
        snippets { field html }
        node { ...Card }
      }
    }
  }
`);

const titleOf = (node: FragmentType<typeof card>) => useFragment(card, node).title;

// The titles of the documents that an account has published, page by page.
export async function titlesOf(client: Client, authorId: string, pageSize: number): Promise<string[]> {
  const titles: string[] = [];
  let after: string | null | undefined;
  do {
    const { documents } = await client.execute(feed, { first: pageSize, after, filter: { authorId } });
    titles.push(...documents.edges.flatMap(({ node }) => (node ? [titleOf(node)] : [])));
    after = documents.pageInfo.hasNextPage ? documents.pageInfo.endCursor : null;
  } while (after);
  return titles;
}

// The titles of what was found, each with the fields that match.
export async function found(client: Client, query: string): Promise<[title: string, fields: string[]][]> {
  const { edges } = (await client.execute(search, { query, first: 10 })).search;
  return edges.flatMap(({ node, snippets }) => (node ? [[titleOf(node), snippets.map(({ field }) => field)]] : []));
}
