// The difference of two texts by lines.
import { diffLines } from 'diff';

export type Line =
  | { readonly kind: 'added' | 'removed' | 'same'; readonly text: string }
  | { readonly kind: 'gap'; readonly lines: number };

const around = 3; // unchanged lines that are shown next to a change
const patience = 1000; // milliseconds

// Returns the changed lines with a few around them, none if the texts are equal, and undefined if the comparison takes too long.
export function changedLines(before: string, after: string): Line[] | undefined {
  const parts = diffLines(ended(before), ended(after), { timeout: patience });
  if (!parts?.some(({ added, removed }) => added || removed)) return parts && [];
  return parts.flatMap(({ value, added, removed }, index): Line[] => {
    const texts = value.replace(/\n$/, '').split('\n');
    if (added || removed) return texts.map((text) => ({ kind: added ? 'added' : 'removed', text }));
    return folded(texts, index > 0 ? around : 0, index < parts.length - 1 ? around : 0);
  });
}

// A text whose last line has no end differs from the same one with an end; readers do not see that.
const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

function folded(texts: readonly string[], start: number, end: number): Line[] {
  const same = (text: string): Line => ({ kind: 'same', text });
  const hidden = texts.length - start - end;
  if (hidden < 2) return texts.map(same);
  return [...texts.slice(0, start).map(same), { kind: 'gap', lines: hidden }, ...texts.slice(texts.length - end).map(same)];
}
