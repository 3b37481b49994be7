import { useRef, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { languageOf } from '../ui/language';
import type { Version } from './autosave';
import { Conflict } from './Conflict';
import { ContentBox } from './ContentBox';
import { Discard } from './Discard';
import styles from './editor.module.css';
import { OpenEditor } from './OpenEditor';
import { Publish } from './Publish';
import { SaveStatus } from './SaveStatus';
import { useAutosave } from './useAutosave';
import { usePastedFiles } from './usePastedFiles';

const editorSession = graphql(/* GraphQL */ `
  fragment Editor on EditorSession {
    id
    title
    content
    format
    revision
    document {
      id
      ...Publish
    }
  }
`);

export function Editor({ session: masked }: { session: FragmentType<typeof editorSession> }) {
  const session = readFragment(editorSession, masked);
  const [autosave, { draft, state }] = useAutosave(session.id, session);
  const box = useRef<HTMLTextAreaElement>(null);
  const pasted = usePastedFiles(box, autosave);
  const [moved, setMoved] = useState<Version>(); // the document, where it has moved on since
  const [mergedWith, setMergedWith] = useState<number>();

  // The document has changed under the text: one of the two goes on, as a text that has seen the other.
  function settle(document: Version, take: 'mine' | 'theirs') {
    if (take === 'theirs') autosave.write(document);
    setMergedWith(document.revision);
    setMoved(undefined);
  }

  function leave(to: string) {
    autosave.end();
    navigate(to, { replace: true });
  }

  return (
    <div className={styles.page}>
      <title>{t.page.title(draft.title || t.desk.untitled)}</title>
      <h1 className="unseen">{t.editor.heading}</h1>
      <section className={styles.text} aria-label={t.editor.text}>
        <input
          className={styles.title}
          aria-label={t.editor.title}
          placeholder={t.editor.title}
          maxLength={200}
          lang={languageOf(draft.title)}
          value={draft.title}
          onChange={(event) => autosave.write({ ...draft, title: event.target.value })}
        />
        <SaveStatus state={state} />
        {state.kind === 'over' && <OpenEditor input={draft}>{t.editor.continueAsNew}</OpenEditor>}
        {state.kind === 'conflict' && (
          <Conflict what={t.editor.draftConflict} mine={draft} theirs={state.theirs} onSettle={(take) => autosave.settle(state.theirs, take)} />
        )}
        {moved && <Conflict what={t.editor.documentConflict} mine={draft} theirs={moved} onSettle={(take) => settle(moved, take)} />}
        <ContentBox
          box={box}
          value={draft.content}
          onChange={(content) => autosave.write({ ...draft, content })}
          pasted={session.format === 'MD' ? pasted : undefined}
        />
      </section>
      <aside className={styles.aside}>
        <Publish
          sessionId={session.id}
          document={session.document}
          documentRevision={mergedWith}
          onFlush={async () => ((await pasted.settle()) ? autosave.flush() : undefined)}
          onMoved={setMoved}
          onDone={(id) => leave(paths.document(id))}
        />
        <Discard sessionId={session.id} onDone={() => leave(paths.desk())} />
      </aside>
    </div>
  );
}
