import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { failureOf } from '../api/failure';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Menu } from '../ui/Menu';
import { DeleteDocument } from './DeleteDocument';
import styles from './document.module.css';

const documentMenu = graphql(/* GraphQL */ `
  fragment DocumentMenu on Document {
    id
    title
    visibility
  }
`);

const publish = graphql(/* GraphQL */ `
  mutation PublishDocument($id: ID!) {
    publishDocument(input: { documentId: $id }) {
      document {
        id
        publishedAt
        revision
        ...DocumentMenu
      }
    }
  }
`);

const unpublish = graphql(/* GraphQL */ `
  mutation UnpublishDocument($id: ID!) {
    unpublishDocument(input: { documentId: $id }) {
      document {
        id
        revision
        ...DocumentMenu
      }
    }
  }
`);

// What its author can do with a document other than editing it.
export function DocumentMenu({ document }: { document: FragmentType<typeof documentMenu> }) {
  const { id, title, visibility } = readFragment(documentMenu, document);
  const [deleting, setDeleting] = useState(false);
  const [runPublish, publishing] = useMutation(publish, { variables: { id } });
  const [runUnpublish, unpublishing] = useMutation(unpublish, { variables: { id } });
  const error = publishing.error ?? unpublishing.error;
  return (
    <>
      <Menu button={t.document.more}>
        <li><Link href={paths.history(id)}>{t.document.history}</Link></li>
        {visibility !== 'PUBLIC' && (
          <li><button type="button" onClick={() => void runPublish().catch(() => undefined)}>{t.document.publish}</button></li>
        )}
        {visibility !== 'PRIVATE' && (
          <li><button type="button" onClick={() => void runUnpublish().catch(() => undefined)}>{t.document.unpublish}</button></li>
        )}
        <li><button type="button" data-apart="true" data-danger="true" onClick={() => setDeleting(true)}>{t.document.delete} …</button></li>
      </Menu>
      {error && <span className={styles.wrong} role="alert">{failureOf(error).message}</span>}
      {deleting && <DeleteDocument id={id} title={title} onClose={() => setDeleting(false)} />}
    </>
  );
}
