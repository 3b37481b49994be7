// Changes of a Markdown text at a selection.

export interface Selection {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

// What replaces a part of the text, and what is selected then.
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly select: readonly [number, number];
}

const step = '    '; // nests an item below one with a bullet or a number

// Puts marks around the selection, or takes them away.
export function surround({ value, start, end }: Selection, mark: string, placeholder: string): Edit {
  const { length } = mark;
  const marked = value.slice(start - length, start) === mark && value.slice(end, end + length) === mark;
  const inner = value.slice(start, end) || placeholder;
  if (marked) return { from: start - length, to: end + length, text: inner, select: [start - length, start - length + inner.length] };
  return { from: start, to: end, text: mark + inner + mark, select: [start + length, start + length + inner.length] };
}

// Makes a link of the selection, and selects its address.
export function link({ value, start, end }: Selection, placeholder: string): Edit {
  const inner = value.slice(start, end) || placeholder;
  const address = start + inner.length + 3;
  return { from: start, to: end, text: `[${inner}](https://)`, select: [address, address + 'https://'.length] };
}

// Puts a fence around the selected lines.
export function fence(selection: Selection): Edit {
  const { from, to, lines } = linesOf(selection);
  const text = ['```', ...lines, '```'].join('\n');
  return { from, to, text, select: [from + 3, from + 3] }; // where the name of the language goes
}

// Begins each selected line with a prefix, or takes the prefixes away if all have it.
export function prefix(selection: Selection, prefixOf: (index: number) => string): Edit {
  const { from, to, lines } = linesOf(selection);
  const all = lines.every((line, index) => line.startsWith(prefixOf(index)));
  return whole(from, to, lines.map((line, index) => (all ? line.slice(prefixOf(index).length) : prefixOf(index) + line)));
}

// Indents the selected lines, or the item that the caret is in; elsewhere it types spaces.
export function indent(selection: Selection): Edit {
  const { from, to, lines } = linesOf(selection);
  const { start, end } = selection;
  const isItem = /^\s*([-*+]|\d+[.)])\s/.test(lines[0] ?? '');
  if (lines.length === 1 && !isItem) return { from: start, to: end, text: step, select: [start + step.length, start + step.length] };
  return moved(selection, from, to, lines, lines.map((line) => step + line));
}

// Takes away up to one step of indentation from the selected lines.
export function outdent(selection: Selection): Edit {
  const { from, to, lines } = linesOf(selection);
  return moved(selection, from, to, lines, lines.map((line) => line.replace(/^(\t| {1,4})/, '')));
}

// The lines that a selection touches, and where they begin and end.
function linesOf({ value, start, end }: Selection) {
  const from = value.lastIndexOf('\n', start - 1) + 1;
  const next = value.indexOf('\n', end);
  const to = next < 0 ? value.length : next;
  return { from, to, lines: value.slice(from, to).split('\n') };
}

function whole(from: number, to: number, lines: readonly string[]): Edit {
  const text = lines.join('\n');
  return { from, to, text, select: [from + (lines.length > 1 ? 0 : text.length), from + text.length] };
}

// The same text is selected after its lines have moved.
function moved({ start, end }: Selection, from: number, to: number, before: readonly string[], after: readonly string[]): Edit {
  const text = after.join('\n');
  const first = (after[0] ?? '').length - (before[0] ?? '').length;
  return { from, to, text, select: [Math.max(from, start + first), end + text.length - (to - from)] };
}
