import { useApolloClient } from '@apollo/client/react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Moment } from '../ui/Moment';
import { More } from '../ui/More';
import { present } from '../ui/present';
import { Text } from '../ui/Text';
import styles from './editor.module.css';

const ownTexts = graphql(/* GraphQL */ `
  fragment OwnTexts on User {
    editorSessions(first: 10) {
      ...TextPage
    }
  }
`);

const textPage = graphql(/* GraphQL */ `
  fragment TextPage on EditorSessionConnection {
    edges {
      cursor
      node {
        id
        title
        content
        savedAt
        document {
          id
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`);

const moreTexts = graphql(/* GraphQL */ `
  query MoreTexts($after: String) {
    viewer {
      id
      editorSessions(first: 10, after: $after) {
        ...TextPage
      }
    }
  }
`);

// Texts that can be gone on with.
export function OwnTexts({ viewer }: { viewer: FragmentType<typeof ownTexts> }) {
  const client = useApolloClient();
  const { edges = [], pageInfo } = readFragment(textPage, readFragment(ownTexts, viewer).editorSessions) ?? {};
  const more = () => client.query({ query: moreTexts, variables: { after: pageInfo?.endCursor }, fetchPolicy: 'network-only' });
  if (edges.length === 0) return null;
  return (
    <section aria-labelledby="texts">
      <h2 id="texts">{t.desk.drafts}</h2>
      <ul className={styles.rows}>
        {present(edges).map(({ id, title, content, document, savedAt }) => (
          <li key={id}>
            <Link href={paths.editor(id)}><Text of={title || firstLine(content) || t.desk.untitled} /></Link>
            <span>{document ? t.desk.update : t.desk.created} <Moment at={savedAt} /></span>
          </li>
        ))}
      </ul>
      {pageInfo?.hasNextPage && <More onMore={more} />}
    </section>
  );
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.replace(/^#+\s*/, '').slice(0, 80) ?? '';
