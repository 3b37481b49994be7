import { useId } from 'react';
import { t } from '../i18n';
import { languageOf } from '../ui/language';
import type { Draft } from './autosave';
import styles from './editor.module.css';

interface Props {
  what: string;
  mine: Draft;
  theirs: Draft;
  onSettle: (take: 'mine' | 'theirs') => void;
}

// Shows both versions until the user has chosen one.
export function Conflict({ what, mine, theirs, onSettle }: Props) {
  const id = useId();
  return (
    <section className={styles.conflict} role="alert" aria-labelledby={id}>
      <h2 id={id}>{what}</h2>
      <div className={styles.sides}>
        <Side name={t.editor.mine} draft={mine} action={t.editor.keepMine} onTake={() => onSettle('mine')} />
        <Side name={t.editor.theirs} draft={theirs} action={t.editor.takeTheirs} onTake={() => onSettle('theirs')} />
      </div>
    </section>
  );
}

function Side({ name, draft, action, onTake }: { name: string; draft: Draft; action: string; onTake: () => void }) {
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      <pre lang={languageOf(draft.content)}>{draft.title && `${draft.title}\n\n`}{draft.content}</pre>
      <button type="button" onClick={onTake}>{action}</button>
    </section>
  );
}
