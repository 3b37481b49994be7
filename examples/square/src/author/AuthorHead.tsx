import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Avatar } from '../square/Avatar';
import { languageOf } from '../ui/language';
import { Moment } from '../ui/Moment';
import { Text } from '../ui/Text';
import styles from './author.module.css';

const authorHead = graphql(/* GraphQL */ `
  fragment AuthorHead on User {
    username
    displayName
    bio
    createdAt
    ...Avatar
    stats {
      documents
      comments
      likes
      favorites
    }
  }
`);

// Who an author is. The API answers the counts that only the account itself may see with null.
export function AuthorHead({ user: masked }: { user: FragmentType<typeof authorHead> }) {
  const user = readFragment(authorHead, masked);
  const { documents, comments, likes, favorites } = user.stats ?? {};
  return (
    <header className={styles.head}>
      <Avatar user={user} size={72} />
      <div>
        <h1><Text of={user.displayName} /></h1>
        <p className={styles.facts}><span>{`@${user.username}`}</span><span>{t.author.joined} <Moment at={user.createdAt} /></span></p>
      </div>
      {user.bio && <p className={styles.bio} lang={languageOf(user.bio)}>{user.bio}</p>}
      <ul className={styles.facts} aria-label={t.counts.statistics}>
        {documents != null && <li>{t.counts.publicDocuments(documents)}</li>}
        {comments != null && <li>{t.counts.comments(comments)}</li>}
        {likes != null && <li>{t.counts.likes(likes)}</li>}
        {favorites != null && <li>{t.counts.favorites(favorites)}</li>}
      </ul>
    </header>
  );
}
