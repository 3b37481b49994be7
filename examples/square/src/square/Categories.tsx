import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { count } from '../ui/count';
import { Problem } from '../ui/Problem';
import { Text } from '../ui/Text';
import { Waiting } from '../ui/Waiting';
import styles from './square.module.css';

const categories = graphql(/* GraphQL */ `
  query Categories {
    categories {
      name
      documents
    }
  }
`);

export function Categories({ chosen }: { chosen?: string }) {
  const { data, error, refetch } = useQuery(categories, { fetchPolicy: 'cache-and-network' });
  return (
    <nav className={`${styles.panel} ${styles.kinds}`} aria-labelledby="categories">
      <h2 id="categories">{t.square.categories}</h2>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting what={t.square.loadingCategories} />}
      <ul className={styles.categories}>
        {data?.categories.map(({ name, documents }) => (
          <li key={name}>
            <Link href={paths.square({ category: name })} aria-current={name === chosen ? 'true' : undefined}>
              <Text of={name} /><span>{count(documents)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
