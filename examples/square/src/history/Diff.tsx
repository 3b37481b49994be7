import { useMemo } from 'react';
import { t } from '../i18n';
import { languageOf } from '../ui/language';
import { changedLines, type Line } from './changedLines';
import styles from './history.module.css';

// The lines that were removed and added, with a few around them.
export function Diff({ before, after }: { before: string; after: string }) {
  const lines = useMemo(() => changedLines(before, after), [before, after]);
  if (!lines) return <p className={styles.none}>{t.history.tooDifferent}</p>;
  if (lines.length === 0) return <p className={styles.none}>{t.history.sameText}</p>;
  return (
    <ol className={styles.diff}>
      {lines.map((line, index) => <li key={index} data-kind={line.kind}>{contentOf(line)}</li>)}
    </ol>
  );
}

function contentOf(line: Line) {
  switch (line.kind) {
    case 'gap': return t.history.unchanged(line.lines);
    case 'same': return <span lang={languageOf(line.text)}>{line.text}</span>;
    case 'added': return <ins lang={languageOf(line.text)}>{line.text}</ins>;
    case 'removed': return <del lang={languageOf(line.text)}>{line.text}</del>;
  }
}
