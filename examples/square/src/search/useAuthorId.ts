import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';

const authorId = graphql(/* GraphQL */ `
  query AuthorId($username: String!) {
    user(username: $username) {
      id
    }
  }
`);

interface AuthorId {
  readonly id?: string;
  readonly waiting: boolean;
  readonly unknown: boolean;
}

// The ID of the account that a filter names.
export function useAuthorId(username: string | undefined): AuthorId {
  const { data, loading } = useQuery(authorId, { variables: { username: username ?? '' }, skip: !username });
  const id = username ? data?.user?.id : undefined;
  return { id, waiting: Boolean(username) && loading, unknown: Boolean(username) && !loading && !id };
}
