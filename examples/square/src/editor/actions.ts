// What the toolbar and the keys of the text area do.
import { t } from '../i18n';
import { fence, link, prefix, surround, type Edit, type Selection } from './markdown';

export const actions = {
  bold: (selection: Selection) => surround(selection, '**', t.toolbar.placeholder),
  italic: (selection: Selection) => surround(selection, '*', t.toolbar.placeholder),
  heading: (selection: Selection) => prefix(selection, () => '## '),
  link: (selection: Selection) => link(selection, t.toolbar.placeholder),
  code: (selection: Selection) => (severalLines(selection) ? fence(selection) : surround(selection, '`', t.toolbar.code)),
  quote: (selection: Selection) => prefix(selection, () => '> '),
  bullets: (selection: Selection) => prefix(selection, () => '- '),
  numbers: (selection: Selection) => prefix(selection, (index) => `${index + 1}. `),
} satisfies Record<string, (selection: Selection) => Edit>;

export type ActionName = keyof typeof actions;

// The keys that do the same, with Control or Command.
export const shortcuts: Readonly<Record<string, ActionName>> = { b: 'bold', i: 'italic', k: 'link' };

const severalLines = ({ value, start, end }: Selection): boolean => value.slice(start, end).includes('\n');
