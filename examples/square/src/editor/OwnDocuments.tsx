import { useApolloClient } from '@apollo/client/react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Moment } from '../ui/Moment';
import { More } from '../ui/More';
import { Nothing } from '../ui/Nothing';
import { present } from '../ui/present';
import { Text } from '../ui/Text';
import styles from './editor.module.css';

const ownDocuments = graphql(/* GraphQL */ `
  fragment OwnDocuments on User {
    documents(first: 10) {
      ...OwnDocumentPage
    }
  }
`);

const ownDocumentPage = graphql(/* GraphQL */ `
  fragment OwnDocumentPage on DocumentConnection {
    edges {
      cursor
      node {
        id
        title
        visibility
        updatedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`);

const moreOwnDocuments = graphql(/* GraphQL */ `
  query MoreOwnDocuments($after: String) {
    viewer {
      id
      documents(first: 10, after: $after) {
        ...OwnDocumentPage
      }
    }
  }
`);

export function OwnDocuments({ viewer }: { viewer: FragmentType<typeof ownDocuments> }) {
  const client = useApolloClient();
  const { edges = [], pageInfo } = readFragment(ownDocumentPage, readFragment(ownDocuments, viewer).documents) ?? {};
  const more = () => client.query({ query: moreOwnDocuments, variables: { after: pageInfo?.endCursor }, fetchPolicy: 'network-only' });
  return (
    <section aria-labelledby="documents">
      <h2 id="documents">{t.desk.documents}</h2>
      {edges.length === 0 && <Nothing title={t.desk.none} />}
      <ul className={styles.rows}>
        {present(edges).map(({ id, title, visibility, updatedAt }) => (
          <li key={id}>
            <Link href={paths.document(id)}><Text of={title} /></Link>
            <span>{t.desk.changed[visibility]} <Moment at={updatedAt} /></span>
          </li>
        ))}
      </ul>
      {pageInfo?.hasNextPage && <More onMore={more} />}
    </section>
  );
}
