import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { More } from '../ui/More';
import { Nothing } from '../ui/Nothing';
import { present } from '../ui/present';
import { Problem } from '../ui/Problem';
import { Waiting } from '../ui/Waiting';
import { FileRow } from './FileRow';
import styles from './library.module.css';

const files = graphql(/* GraphQL */ `
  query Files($after: String) {
    viewer {
      id
      files(first: 20, after: $after) {
        edges {
          cursor
          node {
            id
            ...FileRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

// The files that the viewer has uploaded.
export function FileList() {
  const { data, error, fetchMore, refetch } = useQuery(files, { fetchPolicy: 'cache-and-network' });
  const list = data?.viewer?.files;
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!list) return <Waiting what={t.library.loading} lines={6} />;
  const found = present(list.edges);
  if (found.length === 0) return <Nothing title={t.library.noFiles} />;
  return (
    <>
      <ul className={styles.files}>
        {found.map((file) => <li key={file.id}><FileRow file={file} /></li>)}
      </ul>
      {list.pageInfo.hasNextPage && <More onMore={() => fetchMore({ variables: { after: list.pageInfo.endCursor } })} />}
    </>
  );
}
