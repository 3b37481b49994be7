import { useQuery } from '@apollo/client/react';
import { graphql, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Problem } from '../ui/Problem';
import { Waiting } from '../ui/Waiting';
import { Diff } from './Diff';
import { Restore, type RestorableDocument } from './Restore';
import styles from './history.module.css';

const revisionTexts = graphql(/* GraphQL */ `
  query RevisionTexts($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ... on Revision {
        number
        title
        summary
        body
        createdAt
      }
    }
  }
`);

interface Props {
  id: string;
  previousId?: string;
  document: FragmentType<RestorableDocument>;
}

// What a revision changed: the lines that differ from the revision before.
export function RevisionView({ id, previousId, document }: Props) {
  const ids = previousId ? [id, previousId] : [id];
  const { data, error, refetch } = useQuery(revisionTexts, { variables: { ids } });
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting what={t.history.loading} lines={10} />;
  const [revision, previous] = data.nodes.map((node) => (node?.__typename === 'Revision' ? node : undefined));
  if (!revision) return null;
  return (
    <>
      <header className={styles.viewHead}>
        <h2>{previous ? t.history.changesIn(revision.number) : t.history.first(revision.number)}</h2>
        <Restore revision={revision} document={document} />
      </header>
      <Diff before={previous ? textOf(previous) : ''} after={textOf(revision)} />
    </>
  );
}

// A revision as one text: title, summary, body.
const textOf = ({ title, summary, body }: { title: string; summary: string; body: string }): string =>
  [title, summary, body].filter(Boolean).join('\n\n');
