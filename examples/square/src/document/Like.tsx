import { useMutation } from '@apollo/client/react';
import { graphql, makeFragmentData, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Toggle } from './Toggle';

const likeOf = graphql(/* GraphQL */ `
  fragment Like on Document {
    id
    viewerHasLiked
    stats {
      likes
    }
  }
`);

const like = graphql(/* GraphQL */ `
  mutation LikeDocument($id: ID!) {
    likeDocument(input: { documentId: $id }) {
      document {
        ...Like
      }
    }
  }
`);

const unlike = graphql(/* GraphQL */ `
  mutation UnlikeDocument($id: ID!) {
    unlikeDocument(input: { documentId: $id }) {
      document {
        ...Like
      }
    }
  }
`);

// Likes a document, or takes that back. The answer is not waited for: it only corrects what is shown already.
export function Like({ document }: { document: FragmentType<typeof likeOf> }) {
  const now = readFragment(likeOf, document);
  const [runLike, liking] = useMutation(like);
  const [runUnlike, unliking] = useMutation(unlike);
  const likes = now.stats?.likes ?? 0;

  const variables = { id: now.id };
  const after = (viewerHasLiked: boolean, likes: number) => ({
    __typename: 'InteractionPayload' as const,
    document: {
      __typename: 'Document' as const,
      ...makeFragmentData({ ...now, viewerHasLiked, stats: { __typename: 'DocumentStats', likes } }, likeOf),
    },
  });
  const toggle = () => (now.viewerHasLiked
    ? runUnlike({ variables, optimisticResponse: { unlikeDocument: after(false, likes - 1) } })
    : runLike({ variables, optimisticResponse: { likeDocument: after(true, likes + 1) } }));

  return (
    <Toggle
      sign="♥"
      label={t.document.like}
      pressed={now.viewerHasLiked}
      count={likes}
      error={liking.error ?? unliking.error}
      onToggle={toggle}
    />
  );
}
