import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { languageOf } from '../ui/language';
import styles from './document.module.css';

const contents = graphql(/* GraphQL */ `
  fragment Contents on Document {
    title
    tableOfContents {
      level
      text
      anchor
    }
  }
`);

// The width from which the list stands next to the text, as in document.module.css.
const wide = '(width >= 75rem)';

// The headings of the text as links to them. Next to the text the list is open, above it the reader opens it.
export function Contents({ document }: { document: FragmentType<typeof contents> }) {
  const { title, tableOfContents } = readFragment(contents, document);
  const [open] = useState(() => matchMedia(wide).matches);
  const headings = tableOfContents ?? [];
  const [first] = headings;
  const shown = first?.level === 1 && first.text === title ? headings.slice(1) : headings; // see prepareHtml
  if (shown.length < 2) return null;
  const top = Math.min(...shown.map(({ level }) => level));
  return (
    <nav className={styles.contents} aria-labelledby="contents">
      <details open={open}>
        <summary id="contents">{t.document.contents}</summary>
        <ol>
          {shown.map(({ level, text, anchor }) => (
            <li key={anchor} data-depth={level - top} lang={languageOf(text)}><a href={`#${anchor}`}>{text}</a></li>
          ))}
        </ol>
      </details>
    </nav>
  );
}
