import { useLayoutEffect, useRef, type MouseEvent, type RefObject } from 'react';
import { prepareHtml } from '../document/prepareHtml';
import { pressCopy, pressFile } from '../document/pressed';
import { PrivatePictures } from '../document/PrivatePictures';
import { t } from '../i18n';
import { languageOf } from '../ui/language';
import { Problem } from '../ui/Problem';
import { Waiting } from '../ui/Waiting';
import type { SaveState } from './autosave';
import styles from './editor.module.css';
import { showBlocks } from './showBlocks';
import { usePreview } from './usePreview';

interface Props {
  pane: RefObject<HTMLElement | null>;
  sessionId: string;
  revision: number;
  title: string;
  state: SaveState;
  scrolls: boolean; // by itself, not with the page
}

// The text as readers will see it: rendered by the server, after each save.
export function Preview({ pane, sessionId, revision, title, state, scrolls }: Props) {
  const { html, loading, error, again } = usePreview(sessionId, revision);
  const text = useRef<HTMLDivElement>(null);
  const shown = useRef<readonly string[]>([]);
  const pictures = useRef<PrivatePictures>(undefined);
  const copy = t.copy.code;
  const behind = state.kind !== 'saved' && state.kind !== 'unsaved' && state.kind !== 'saving';

  useLayoutEffect(() => {
    const element = text.current;
    pictures.current = new PrivatePictures();
    return () => {
      pictures.current?.dispose();
      shown.current = [];
      element?.replaceChildren();
    };
  }, []);

  // The pictures of a draft are of its author alone, as those of a private document.
  useLayoutEffect(() => {
    if (!text.current || html === undefined) return;
    shown.current = showBlocks(text.current, shown.current, prepareHtml(html, { title, copy, isPrivate: true }));
    pictures.current?.show(text.current);
  }, [html, title, copy]);

  return (
    <section className={styles.preview} ref={pane} aria-label={t.editor.preview} aria-busy={loading} tabIndex={scrolls ? 0 : undefined}>
      {error !== undefined && <Problem error={error} onRetry={again} />}
      {behind && <p className={styles.behind}>{t.editor.previewBehind}</p>}
      {html === undefined && loading && <Waiting what={t.editor.loadingPreview} lines={6} />}
      {html === '' && <p className={styles.behind}>{t.editor.previewEmpty}</p>}
      <div className="prose" ref={text} lang={languageOf(html ?? '')} onClick={press} />
    </section>
  );
}

// A link opens another tab: the editor stays.
function press(event: MouseEvent): void {
  if (pressCopy(event) || pressFile(event)) return;
  const link = (event.target as Element).closest('a');
  if (!link || link.getAttribute('href')?.startsWith('#')) return;
  event.preventDefault();
  open(link.href, '_blank', 'noopener');
}
