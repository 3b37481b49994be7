import type { RefObject } from 'react';
import { t } from '../i18n';
import styles from './editor.module.css';
import { actions, type ActionName } from './actions';
import { applyEdit, selectionOf } from './typing';

const signs: Readonly<Record<ActionName, string>> = {
  bold: 'B',
  italic: 'I',
  heading: 'H',
  link: '↗',
  code: '</>',
  quote: '”',
  bullets: '•',
  numbers: '1.',
};

// Buttons for the marks of Markdown.
export function Toolbar({ box }: { box: RefObject<HTMLTextAreaElement | null> }) {
  const run = (name: ActionName) => box.current && applyEdit(box.current, actions[name](selectionOf(box.current)));
  return (
    <div className={styles.toolbar} role="group" aria-label={t.toolbar.name}>
      {(Object.keys(signs) as ActionName[]).map((name) => (
        <button
          key={name}
          type="button"
          data-action={name}
          data-sign={signs[name]}
          title={t.toolbar.actions[name]}
          aria-label={t.toolbar.actions[name]}
          onClick={() => run(name)}
        />
      ))}
    </div>
  );
}
