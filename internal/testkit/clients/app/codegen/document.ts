// One document: writing it, its page with comments, taking part, and watching.
import { graphql } from '../../generated/codegen';
import type { DocumentFormat } from '../../generated/codegen/graphql';
import type { Client } from './client';

const publish = graphql(/* GraphQL */ `
  mutation Publish($input: CreateDocumentInput!) {
    createDocument(input: $input) {
      document { id author { id } }
    }
  }
`);

const page = graphql(/* GraphQL */ `
  query DocumentPage($id: ID!, $comments: Int!, $after: String) {
    document(id: $id) {
      id
      title
      bodyHtml
      format
      viewerHasLiked
      comments(first: $comments, after: $after) {
        totalCount
        nodes { id body author { username } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

const like = graphql(/* GraphQL */ `
  mutation Like($id: ID!) {
    likeDocument(input: { documentId: $id }) {
      document { id viewerHasLiked stats { likes } }
    }
  }
`);

const addComment = graphql(/* GraphQL */ `
  mutation AddComment($input: AddCommentInput!) {
    addComment(input: $input) {
      comment { id body }
      document { id stats { comments } }
    }
  }
`);

const watch = graphql(/* GraphQL */ `
  subscription WatchStats($id: ID!) {
    documentStatsChanged(documentId: $id, current: true) { views likes favorites comments }
  }
`);

export interface Page {
  title: string;
  format: DocumentFormat;
  liked: boolean;
  comments: string[];
}

// The identifiers of the new document and of its author.
export async function write(client: Client, title: string, body: string): Promise<{ id: string; authorId?: string }> {
  const input = { title, body, visibility: 'PUBLIC' as const, tags: ['clients'] };
  const { document } = (await client.execute(publish, { input })).createDocument;
  return { id: document.id, authorId: document.author?.id };
}

export async function read(client: Client, id: string): Promise<Page | undefined> {
  const { document } = await client.execute(page, { id, comments: 10 });
  if (!document) return undefined;
  const { title, format, viewerHasLiked: liked, comments } = document;
  return { title, format, liked, comments: comments?.nodes.flatMap((comment) => comment?.body ?? []) ?? [] };
}

// How many likes the document has now.
export async function likeIt(client: Client, id: string): Promise<number | undefined> {
  return (await client.execute(like, { id })).likeDocument.document.stats?.likes;
}

// How many comments the document has now.
export async function say(client: Client, documentId: string, body: string): Promise<number | undefined> {
  return (await client.execute(addComment, { input: { documentId, body } })).addComment.document.stats?.comments;
}

// How many likes and comments the watched document has.
export async function glance(client: Client, id: string): Promise<[likes: number, comments: number]> {
  const { likes, comments } = (await client.first(watch, { id })).documentStatsChanged;
  return [likes, comments];
}
