// Changes of the text area that the visitor can undo.
import type { Edit, Selection } from './markdown';

export const selectionOf = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Selection =>
  ({ value, start: selectionStart, end: selectionEnd });

// Types a text in the place of the selection.
export function typeText(box: HTMLTextAreaElement, text: string): void {
  box.focus();
  if (document.execCommand(text ? 'insertText' : 'delete', false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

export function applyEdit(box: HTMLTextAreaElement, { from, to, text, select: [start, end] }: Edit): void {
  box.setSelectionRange(from, to);
  if (from < to || text) typeText(box, text);
  box.setSelectionRange(start, end);
}
