import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { isDescribed } from '../routing/servedHead';
import { Byline } from '../square/Byline';
import { Tags } from '../square/Tags';
import { Nothing } from '../ui/Nothing';
import { Problem } from '../ui/Problem';
import { Text } from '../ui/Text';
import { Waiting } from '../ui/Waiting';
import { Attachments } from './Attachments';
import { keptOrder } from './commentOrder';
import { Comments } from './Comments';
import { Contents } from './Contents';
import styles from './document.module.css';
import { DocumentActions } from './DocumentActions';
import { DocumentBody } from './DocumentBody';
import { DocumentCover } from './DocumentCover';
import { ReadingTime } from './ReadingTime';
import { Reactions } from './Reactions';
import { useLiveStats } from './useLiveStats';
import { useView } from './useView';

const documentPage = graphql(/* GraphQL */ `
  query DocumentPage($id: ID!, $order: OrderDirection!) {
    document(id: $id) {
      id
      title
      summary
      ...Byline
      ...ReadingTime
      ...Tags
      ...DocumentActions
      ...Contents
      ...DocumentBody
      ...DocumentCover
      ...Attachments
      ...Reactions
      ...Comments
    }
  }
`);

export function DocumentPage({ id }: { id: string }) {
  const [order] = useState(keptOrder); // Comments changes it without the page
  const { data, error, loading, refetch } = useQuery(documentPage, { variables: { id, order }, fetchPolicy: 'cache-and-network' });
  const document = data?.document;
  const live = useLiveStats(id, !document);
  useView(document?.id);
  return (
    <article className={styles.page}>
      {document && <title>{t.page.title(document.title)}</title>}
      {document?.summary && !isDescribed() && <meta name="description" content={document.summary} />}
      {document === null && !loading && <title>{t.page.title(t.document.notFound)}</title>}
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!document && loading && <Waiting what={t.document.loading} lines={10} />}
      {document === null && !loading && (
        <Nothing title={t.document.notFound}>{t.document.notFoundHint}</Nothing>
      )}
      {document && (
        <>
          <header className={styles.head}>
            <h1><Text of={document.title} /></h1>
            <Byline document={document}><ReadingTime document={document} /></Byline>
            <Tags document={document} />
            <DocumentActions document={document} />
          </header>
          <DocumentCover document={document} />
          <div className={styles.body}>
            <Contents document={document} />
            <DocumentBody document={document} />
          </div>
          <Attachments document={document} />
          <Reactions document={document} live={live} />
          <Comments id={document.id} />
        </>
      )}
    </article>
  );
}
