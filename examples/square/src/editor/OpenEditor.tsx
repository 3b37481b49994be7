import { useMutation } from '@apollo/client/react';
import { failureOf } from '../api/failure';
import { graphql } from '../gql';
import type { OpenEditorSessionInput } from '../gql/graphql';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';

const openEditor = graphql(/* GraphQL */ `
  mutation OpenEditor($input: OpenEditorSessionInput!) {
    openEditorSession(input: $input) {
      session {
        id
      }
    }
  }
`);

// Opens an editor, or goes on in the one that is open for the document.
export function OpenEditor({ input, children }: { input: OpenEditorSessionInput; children: string }) {
  const [run, { error, loading }] = useMutation(openEditor, { fetchPolicy: 'no-cache' });

  async function open() {
    const { data } = await run({ variables: { input } });
    if (data) navigate(paths.editor(data.openEditorSession.session.id));
  }

  return (
    <>
      <button type="button" className="primary" disabled={loading} onClick={() => open().catch(() => undefined)}>{children}</button>
      {error && <span role="alert">{failureOf(error).message}</span>}
    </>
  );
}
