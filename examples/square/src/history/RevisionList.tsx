import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Moment } from '../ui/Moment';
import styles from './history.module.css';

const revisionList = graphql(/* GraphQL */ `
  fragment RevisionList on Revision {
    id
    number
    createdAt
  }
`);

interface Props {
  documentId: string;
  revisions: readonly FragmentType<typeof revisionList>[];
  shown?: number;
}

export function RevisionList({ documentId, revisions, shown }: Props) {
  return (
    <ol className={styles.list}>
      {revisions.map((masked) => {
        const { id, number, createdAt } = readFragment(revisionList, masked);
        return (
          <li key={id}>
            <Link href={paths.history(documentId, number)} aria-current={number === shown ? 'true' : undefined}>
              <span>{t.history.revision(number)}</span> <Moment at={createdAt} />
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
