import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Text } from '../ui/Text';
import styles from './square.module.css';

const tagsOf = graphql(/* GraphQL */ `
  fragment Tags on Document {
    tags
  }
`);

export function Tags({ document }: { document: FragmentType<typeof tagsOf> }) {
  const { tags } = readFragment(tagsOf, document);
  if (tags.length === 0) return null;
  return (
    <ul className={styles.tags} aria-label={t.square.tags}>
      {tags.map((tag) => <li key={tag}><Link className="chip" href={paths.square({ tag })}><Text of={tag} /></Link></li>)}
    </ul>
  );
}
