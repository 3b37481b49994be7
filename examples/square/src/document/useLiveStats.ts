import { useSubscription } from '@apollo/client/react';
import { graphql } from '../gql';

const statsChanged = graphql(/* GraphQL */ `
  subscription StatsChanged($id: ID!) {
    documentStatsChanged(documentId: $id, current: true) {
      views
      likes
      favorites
      comments
    }
  }
`);

const liveStats = graphql(/* GraphQL */ `
  fragment LiveStats on Document {
    id
    stats {
      views
      likes
      favorites
      comments
    }
  }
`);

// Keeps the statistics of a document in the cache as they are on the server; false while it cannot.
export function useLiveStats(id: string, skip: boolean): boolean {
  const { data, error } = useSubscription(statsChanged, {
    variables: { id },
    skip,
    onData({ client: { cache }, data }) {
      if (!data.data) return;
      const document = { __typename: 'Document' as const, id, stats: data.data.documentStatsChanged };
      cache.writeFragment({ id: cache.identify(document), fragment: liveStats, fragmentName: 'LiveStats', data: document });
    },
  });
  return Boolean(data) && !error;
}
