import { Picture } from '../files/Picture';
import { graphql, readFragment, type FragmentType } from '../gql';
import styles from './square.module.css';

const avatarOf = graphql(/* GraphQL */ `
  fragment Avatar on User {
    displayName
    avatar {
      id
      url(width: W320)
    }
  }
`);

// The picture of an account, or the first letter of its name. The name stands next to it.
export function Avatar({ user, size = 24 }: { user: FragmentType<typeof avatarOf>; size?: number }) {
  const { displayName, avatar } = readFragment(avatarOf, user);
  const style = { width: size, height: size, fontSize: size / 2 };
  if (!avatar?.url) return <span className={styles.avatar} style={style} aria-hidden="true">{[...displayName][0]?.toUpperCase()}</span>;
  return <Picture className={styles.avatar} style={style} url={avatar.url} alt="" width={size} height={size} loading="lazy" />;
}
