import { useApolloClient } from '@apollo/client/react';
import { useState, useSyncExternalStore } from 'react';
import { graphql } from '../gql';
import { Autosave, type Version, type Writing } from './autosave';

const saveText = graphql(/* GraphQL */ `
  mutation SaveText($input: AutosaveEditorSessionInput!) {
    autosaveEditorSession(input: $input) {
      session {
        id
        revision
      }
    }
  }
`);

// What is written in an editor session, and whether it is saved.
export function useAutosave(sessionId: string, opened: Version): [Autosave, Writing] {
  const client = useApolloClient();
  const [autosave] = useState(() => new Autosave(sessionId, opened, async ({ title, content }, expectedRevision) => {
    const input = { sessionId, expectedRevision, title, content };
    const { data } = await client.mutate({ mutation: saveText, variables: { input }, fetchPolicy: 'no-cache' });
    if (!data) throw new Error('no answer');
    return data.autosaveEditorSession.session.revision;
  }));
  return [autosave, useSyncExternalStore(autosave.subscribe, autosave.current)];
}
