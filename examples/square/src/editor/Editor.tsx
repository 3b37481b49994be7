import { useEffect, useRef, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { Choice } from '../ui/Choice';
import { languageOf } from '../ui/language';
import type { Version } from './autosave';
import { Conflict } from './Conflict';
import { ContentBox } from './ContentBox';
import { Discard } from './Discard';
import styles from './editor.module.css';
import { OpenEditor } from './OpenEditor';
import { Preview } from './Preview';
import { Publish } from './Publish';
import { SaveStatus } from './SaveStatus';
import { useAutosave } from './useAutosave';
import { usePastedFiles } from './usePastedFiles';
import { useScrolledTogether } from './useScrolledTogether';
import type { View } from './view';

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

export function Editor({ session: masked, view }: { session: FragmentType<typeof editorSession>; view: View }) {
  const session = readFragment(editorSession, masked);
  const [autosave, { draft, state, revision }] = useAutosave(session.id, session);
  const box = useRef<HTMLTextAreaElement>(null);
  const pane = useRef<HTMLElement>(null);
  const pasted = usePastedFiles(box, autosave);
  const [moved, setMoved] = useState<Version>(); // the document, where it has moved on since
  const [mergedWith, setMergedWith] = useState<number>();

  useScrolledTogether(box, pane, view === 'both');
  useEffect(() => {
    if (view !== 'text') void autosave.flush(); // the preview is of the text as it is now
  }, [autosave, view]);

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
    <div className={styles.page} data-view={view}>
      <title>{t.page.title(draft.title || t.desk.untitled)}</title>
      <link rel="stylesheet" href="/markdown.css" precedence="text" /> {/* of the preview: before it is shown, so that nothing waits for it then */}
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
        <Choice label={t.editor.view} options={t.editor.views} value={view} onChange={(next) => navigate(paths.editor(session.id, next), { replace: true })} />
        <div className={styles.panes}>
          <div hidden={view === 'preview'}>
            <ContentBox
              box={box}
              value={draft.content}
              onChange={(content) => autosave.write({ ...draft, content })}
              pasted={session.format === 'MD' ? pasted : undefined}
            />
          </div>
          {view !== 'text' && <Preview pane={pane} sessionId={session.id} revision={revision} title={draft.title} state={state} scrolls={view === 'both'} />}
        </div>
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
