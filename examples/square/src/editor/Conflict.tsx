import { useId } from 'react';
import { languageOf } from '../ui/language';
import type { Draft } from './autosave';
import styles from './editor.module.css';

interface Props {
  where: string;
  mine: Draft;
  theirs: Draft;
  onSettle: (take: 'mine' | 'theirs') => void;
}

// Two texts of which one goes on. Both are in view until somebody has chosen.
export function Conflict({ where, mine, theirs, onSettle }: Props) {
  const id = useId();
  return (
    <section className={styles.conflict} role="alert" aria-labelledby={id}>
      <h2 id={id}>The text has changed {where}</h2>
      <div className={styles.sides}>
        <Side name="Yours" draft={mine} action="Keep mine" onTake={() => onSettle('mine')} />
        <Side name="The other" draft={theirs} action="Take the other" onTake={() => onSettle('theirs')} />
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
