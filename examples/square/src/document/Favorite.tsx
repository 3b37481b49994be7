import { useMutation } from '@apollo/client/react';
import { graphql, makeFragmentData, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Toggle } from './Toggle';

const favoriteOf = graphql(/* GraphQL */ `
  fragment Favorite on Document {
    id
    viewerHasFavorited
    stats {
      favorites
    }
  }
`);

const favorite = graphql(/* GraphQL */ `
  mutation FavoriteDocument($id: ID!) {
    favoriteDocument(input: { documentId: $id }) {
      document {
        ...Favorite
      }
    }
  }
`);

const unfavorite = graphql(/* GraphQL */ `
  mutation UnfavoriteDocument($id: ID!) {
    unfavoriteDocument(input: { documentId: $id }) {
      document {
        ...Favorite
      }
    }
  }
`);

// Puts a document among the favorites of the viewer, or takes it out, in the same way as Like.
export function Favorite({ document }: { document: FragmentType<typeof favoriteOf> }) {
  const now = readFragment(favoriteOf, document);
  const [runFavorite, favoriting] = useMutation(favorite);
  const [runUnfavorite, unfavoriting] = useMutation(unfavorite);
  const favorites = now.stats?.favorites ?? 0;

  const variables = { id: now.id };
  const after = (viewerHasFavorited: boolean, favorites: number) => ({
    __typename: 'InteractionPayload' as const,
    document: {
      __typename: 'Document' as const,
      ...makeFragmentData({ ...now, viewerHasFavorited, stats: { __typename: 'DocumentStats', favorites } }, favoriteOf),
    },
  });
  const toggle = () => (now.viewerHasFavorited
    ? runUnfavorite({ variables, optimisticResponse: { unfavoriteDocument: after(false, favorites - 1) } })
    : runFavorite({ variables, optimisticResponse: { favoriteDocument: after(true, favorites + 1) } }));

  return (
    <Toggle
      sign="★"
      label={t.document.favorite}
      pressed={now.viewerHasFavorited}
      count={favorites}
      error={favoriting.error ?? unfavoriting.error}
      onToggle={toggle}
    />
  );
}
