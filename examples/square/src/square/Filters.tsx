import type { DocumentOrderField } from '../gql/graphql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { Choice } from '../ui/Choice';
import styles from './square.module.css';

interface Props {
  category?: string;
  tag?: string;
  order: DocumentOrderField;
}

export function Filters({ category, tag, order }: Props) {
  const chosen = order === 'PUBLISHED_AT' ? undefined : order;
  return (
    <div className={styles.filters}>
      <Choice
        label={t.square.order}
        options={t.square.orders}
        value={order}
        onChange={(next) => navigate(paths.square({ category, tag, order: next }), { replace: true })}
      />
      {category && tag && (
        <Link className="chip" href={paths.square({ category, order: chosen })} aria-label={t.square.withoutTag(tag)}>{tag} ×</Link>
      )}
      {(category || tag) && <Link className="chip" href={paths.square({ order: chosen })}>{t.home.all}</Link>}
    </div>
  );
}
