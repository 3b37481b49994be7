import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Nothing } from '../ui/Nothing';
import { Problem } from '../ui/Problem';
import { Waiting } from '../ui/Waiting';
import { Editor } from './Editor';
import type { View } from './view';

const editorPage = graphql(/* GraphQL */ `
  query EditorPage($id: ID!) {
    node(id: $id) {
      id
      ... on EditorSession {
        status
        ...Editor
      }
    }
  }
`);

export default function EditorPage({ id, view }: { id: string; view: View }) {
  const { data, error, loading, refetch } = useQuery(editorPage, { variables: { id }, fetchPolicy: 'no-cache' });
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data && loading) return <Waiting what={t.editor.loading} lines={8} />;
  const session = data?.node?.__typename === 'EditorSession' ? data.node : undefined;
  if (!session || session.status === 'COMMITTED' || session.status === 'DISCARDED') {
    return (
      <>
        <title>{t.page.title(t.editor.notFound)}</title>
        <Nothing title={t.editor.notFound}><Link href={paths.desk()}>{t.editor.backToDrafts}</Link></Nothing>
      </>
    );
  }
  return <Editor session={session} view={view} />;
}
