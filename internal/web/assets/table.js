// A table that can be sorted by each of its columns and whose rows stay the same elements while their numbers change.
import { element } from './element.js';

// A column is {label, value, show, text, help}: value is what to sort by, show makes a text or a node of it, and text
// marks it as no number; a column that is optional is hidden while all its values are 0. key names a row; first is the column to sort by at
// first, the largest on top. Rows that fold.of names are hidden behind a button with the text of fold.label, unless there are no others.
export class Table {
  #columns;
  #key;
  #rows = [];
  #sorted; // {column, down}
  #heads = [];
  #body = element('tbody', {});
  #known = new Map(); // the elements of rows, by key
  #empty;
  #fold;
  #more; // the button that shows folded rows
  #open = false;

  constructor({ caption, columns, key, first, empty, fold }) {
    this.#columns = columns;
    this.#key = key;
    this.#sorted = { column: columns[first], down: true };
    this.#empty = element('p', { className: 'table-empty' }, empty);
    const head = element('thead', {}, element('tr', {}, ...columns.map((column) => this.#head(column))));
    const table = element('table', {}, element('caption', { className: 'unseen' }, caption), head, this.#body);
    const scroll = element('div', { className: 'table-scroll', tabIndex: 0, role: 'region', ariaLabel: caption }, table);
    this.#fold = fold;
    this.#more = element('button', { type: 'button', className: 'button table-more', hidden: true });
    this.#more.addEventListener('click', () => {
      this.#open = !this.#open;
      this.#sort();
    });
    this.element = element('div', { className: 'table' }, scroll, this.#more, this.#empty);
    this.show([]);
  }

  show(rows) {
    this.#rows = rows;
    this.#empty.hidden = rows.length > 0;
    this.element.firstChild.hidden = rows.length === 0;
    this.#sort();
  }

  #head(column) {
    const button = element('button', { type: 'button', title: column.help ?? '' }, column.label);
    const head = element('th', { scope: 'col', className: column.text ? 'table-text' : '' }, button);
    button.addEventListener('click', () => {
      const same = this.#sorted.column === column;
      this.#sorted = { column, down: same ? !this.#sorted.down : !column.text };
      this.#sort();
    });
    this.#heads.push({ column, head });
    return head;
  }

  #sort() {
    const { column, down } = this.#sorted;
    for (const { head, column: c } of this.#heads) head.ariaSort = c !== column ? null : down ? 'descending' : 'ascending';
    const sorted = this.#unfolded().toSorted((a, b) => (down ? -1 : 1) * compare(column.value(a), column.value(b)));
    const rows = sorted.map((row) => this.#fill(row));
    this.#hideEmpty(sorted, rows);
    // Moved are only those that stand elsewhere, so that a selection of text survives.
    rows.forEach((row, i) => this.#body.children[i] !== row && this.#body.insertBefore(row, this.#body.children[i] ?? null));
    while (this.#body.children.length > rows.length) this.#body.lastChild.remove();
    const keys = new Set(sorted.map(this.#key));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
  }

  // The rows to show. The button says how many others there are.
  #unfolded() {
    const shown = this.#fold ? this.#rows.filter((row) => !this.#fold.of(row)) : this.#rows;
    const folded = this.#rows.length - shown.length;
    this.#more.hidden = !folded || !shown.length;
    if (this.#more.hidden) return this.#rows;
    const text = `${this.#open ? 'Hide' : 'Show'} ${this.#fold.label(folded)}`;
    if (this.#more.textContent !== text) this.#more.textContent = text;
    this.#more.ariaExpanded = String(this.#open);
    return this.#open ? this.#rows : shown;
  }

  #hideEmpty(sorted, rows) {
    this.#columns.forEach((column, i) => {
      const hidden = Boolean(column.optional) && !sorted.some((row) => column.value(row));
      for (const { children } of [this.#heads[i].head.parentElement, ...rows]) children[i].hidden = hidden;
    });
  }

  #fill(row) {
    const key = this.#key(row);
    if (!this.#known.has(key)) {
      const cells = this.#columns.map(({ text }, i) =>
        i === 0 ? element('th', { scope: 'row', className: 'table-text' }) : element('td', { className: text ? 'table-text' : '' }),
      );
      this.#known.set(key, element('tr', {}, ...cells));
    }
    const line = this.#known.get(key);
    this.#columns.forEach(({ value, show }, i) => {
      const shown = show(value(row), row);
      const cell = line.children[i];
      if (shown instanceof Node) cell.replaceChildren(shown);
      else if (cell.textContent !== shown) cell.textContent = shown;
    });
    return line;
  }
}

// What is not known comes after all else, or before it.
function compare(a, b) {
  if (typeof a === 'string') return a.localeCompare(b ?? '');
  return (a ?? -1) - (b ?? -1);
}
