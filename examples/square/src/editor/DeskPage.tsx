import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { Problem } from '../ui/Problem';
import { Waiting } from '../ui/Waiting';
import { OpenEditor } from './OpenEditor';
import { OwnDocuments } from './OwnDocuments';
import { OwnTexts } from './OwnTexts';
import styles from './editor.module.css';

const desk = graphql(/* GraphQL */ `
  query Desk {
    viewer {
      id
      ...OwnTexts
      ...OwnDocuments
    }
  }
`);

// What the viewer is writing, and has written.
export default function DeskPage() {
  const { data, error, loading, refetch } = useQuery(desk, { fetchPolicy: 'network-only' });
  return (
    <div className={styles.desk}>
      <title>My documents – Square</title>
      <header className={styles.head}>
        <h1>My documents</h1>
        <OpenEditor input={{}}>New document</OpenEditor>
      </header>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && loading && <Waiting what="your documents" lines={6} />}
      {data?.viewer && (
        <>
          <OwnTexts viewer={data.viewer} />
          <OwnDocuments viewer={data.viewer} />
        </>
      )}
    </div>
  );
}
