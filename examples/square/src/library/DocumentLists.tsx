import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { listPolicy } from '../routing/location';
import { Cards } from './Cards';

const favorites = graphql(/* GraphQL */ `
  query Favorites($after: String) {
    viewer {
      id
      favorites(first: 10, after: $after) {
        ...Cards
      }
    }
  }
`);

const likes = graphql(/* GraphQL */ `
  query Likes($after: String) {
    viewer {
      id
      likes(first: 10, after: $after) {
        ...Cards
      }
    }
  }
`);

const drafts = graphql(/* GraphQL */ `
  query Drafts($after: String) {
    viewer {
      id
      drafts(first: 10, after: $after) {
        ...Cards
      }
    }
  }
`);

export function FavoriteList() {
  const { data, error, fetchMore, refetch } = useQuery(favorites, { fetchPolicy: listPolicy() });
  return <Cards connection={data?.viewer?.favorites} empty={t.library.noFavorites} error={error} onRetry={refetch} onMore={(after) => fetchMore({ variables: { after } })} />;
}

export function LikeList() {
  const { data, error, fetchMore, refetch } = useQuery(likes, { fetchPolicy: listPolicy() });
  return <Cards connection={data?.viewer?.likes} empty={t.library.noLikes} error={error} onRetry={refetch} onMore={(after) => fetchMore({ variables: { after } })} />;
}

export function DraftList() {
  const { data, error, fetchMore, refetch } = useQuery(drafts, { fetchPolicy: listPolicy() });
  return <Cards connection={data?.viewer?.drafts} empty={t.library.noDrafts} error={error} onRetry={refetch} onMore={(after) => fetchMore({ variables: { after } })} />;
}
