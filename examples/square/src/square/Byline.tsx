import type { ReactNode } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Moment } from '../ui/Moment';
import { Text } from '../ui/Text';
import { Avatar } from './Avatar';
import styles from './square.module.css';

const byline = graphql(/* GraphQL */ `
  fragment Byline on Document {
    category
    createdAt
    visibility
    author {
      id
      username
      displayName
      ...Avatar
    }
  }
`);

interface Props {
  document: FragmentType<typeof byline>;
  children?: ReactNode;
}

// Who wrote a document, when, and in which category.
export function Byline({ document, children }: Props) {
  const { author, createdAt, category, visibility } = readFragment(byline, document);
  return (
    <p className={styles.byline}>
      {author && (
        <Link className={styles.author} href={paths.author(author.username)}><Avatar user={author} /><Text of={author.displayName} /></Link>
      )}
      <Moment at={createdAt} />
      {category && <Link href={paths.square({ category })}><Text of={category} /></Link>}
      {visibility !== 'PUBLIC' && <span>{t.visibility[visibility]}</span>}
      {children}
    </p>
  );
}
