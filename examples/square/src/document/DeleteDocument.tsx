import { useMutation } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { ConfirmDialog } from '../ui/ConfirmDialog';

const deleteDocument = graphql(/* GraphQL */ `
  mutation DeleteDocument($id: ID!) {
    deleteDocument(input: { documentId: $id }) {
      documentId
    }
  }
`);

interface Props {
  id: string;
  title: string;
  onClose: () => void;
}

// Deletes a document after a confirmation, and leaves its page.
export function DeleteDocument({ id, title, onClose }: Props) {
  const [run, { client, error, loading }] = useMutation(deleteDocument, { variables: { id } });

  async function remove() {
    await run();
    navigate(paths.desk(), { replace: true });
    client.cache.evict({ id: client.cache.identify({ __typename: 'Document', id }) });
  }

  return (
    <ConfirmDialog
      title={t.document.deleteTitle}
      text={t.document.deleteText(title)}
      action={t.document.deleteForGood}
      busy={loading}
      error={error}
      onConfirm={() => void remove().catch(() => undefined)}
      onClose={onClose}
    />
  );
}
