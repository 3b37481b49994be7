import type { DocumentFormat } from '../gql/graphql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { filterNames, type SearchFilter } from './filter';
import styles from './search.module.css';

// The filters of a search, each with a link to the search without it.
export function FilterChips({ query, chosen }: { query: string; chosen: SearchFilter }) {
  const used = filterNames.filter((name) => chosen[name]);
  if (used.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label={t.search.chosen}>
      {used.map((name) => {
        const value = name === 'format' ? t.format[chosen.format as DocumentFormat] : chosen[name] ?? '';
        const text = t.search.filter(t.search[name], value);
        return (
          <li key={name}>
            <Link className="chip" href={paths.search(query, { ...chosen, [name]: undefined })} aria-label={t.search.without(text)}>{text} ×</Link>
          </li>
        );
      })}
    </ul>
  );
}
