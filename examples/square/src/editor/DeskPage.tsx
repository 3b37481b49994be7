import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
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
      <title>{t.page.title(t.desk.title)}</title>
      <header className={styles.head}>
        <h1>{t.desk.title}</h1>
        <OpenEditor input={{}}>{t.desk.new}</OpenEditor>
      </header>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && loading && <Waiting what={t.desk.loading} lines={6} />}
      {data?.viewer && (
        <>
          <OwnTexts viewer={data.viewer} />
          <OwnDocuments viewer={data.viewer} />
        </>
      )}
    </div>
  );
}
