import { useMutation } from '@apollo/client/react';
import { PictureChooser } from '../files/PictureChooser';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';

const coverChooser = graphql(/* GraphQL */ `
  fragment CoverChooser on Document {
    id
    revision
    cover {
      id
    }
  }
`);

const setCover = graphql(/* GraphQL */ `
  mutation SetCover($input: UpdateDocumentInput!) {
    updateDocument(input: $input) {
      document {
        id
        ...CoverChooser
        ...DocumentCover
      }
    }
  }
`);

export function CoverChooser({ document }: { document: FragmentType<typeof coverChooser> }) {
  const { id, revision, cover } = readFragment(coverChooser, document);
  const [run] = useMutation(setCover);
  const words = { add: t.publish.addCover, change: t.publish.changeCover, remove: t.publish.removeCover };
  const choose = (coverId: string | null) => run({ variables: { input: { documentId: id, expectedRevision: revision, coverId } } });
  return <PictureChooser words={words} chosen={Boolean(cover)} onChoose={choose} />;
}
