// Files that are pasted or dropped into a text: each has a mark in the text while it is sent, in whose place comes its Markdown.
import { useEffect, useRef, useState, type RefObject } from 'react';
import { uploadKey, useUploadFile } from '../files/useUploadFile';
import type { Autosave } from './autosave';
import { typeText } from './typing';

export interface PastedFile {
  readonly key: string;
  readonly file: File;
  readonly preview?: string; // the address of the picture in this page
  readonly mark: string;
  readonly part: number; // 1: it has been sent
  readonly done: boolean;
  readonly problem?: string;
}

export interface PastedFiles {
  readonly files: readonly PastedFile[];
  add(files: readonly File[]): void;
  again(pasted: PastedFile): void;
  remove(pasted: PastedFile): void; // a file that has failed
  settle(): Promise<boolean>; // waits for those that are being sent; false: one has failed
}

export function usePastedFiles(box: RefObject<HTMLTextAreaElement | null>, autosave: Autosave): PastedFiles {
  const upload = useUploadFile();
  const [files, setFiles] = useState<readonly PastedFile[]>([]);
  const running = useRef(new Map<string, Promise<boolean>>()); // by key; it resolves to whether the file was sent
  const previews = useRef<string[]>([]);
  useEffect(() => () => previews.current.forEach(URL.revokeObjectURL), []);

  const change = (key: string, to: Partial<PastedFile>) => setFiles((all) => all.map((each) => (each.key === key ? { ...each, ...to } : each)));

  async function send({ key, file, mark }: PastedFile): Promise<boolean> {
    try {
      const stored = await upload(file, key, (part) => change(key, { part }));
      replace(box.current, autosave, mark, stored.markdown ?? '');
      change(key, { part: 1, done: true });
      return true;
    } catch (error) {
      change(key, { problem: (error as Error).message });
      return false;
    }
  }

  const start = (pasted: PastedFile) => void running.current.set(pasted.key, send(pasted));

  return {
    files,
    add(chosen) {
      const added = chosen.map((file) => pastedFile(file));
      previews.current.push(...added.flatMap(({ preview }) => preview ?? []));
      insert(box.current, added.map(({ mark }) => mark).join('\n\n'));
      setFiles((all) => [...all, ...added]);
      added.forEach(start);
    },
    again(pasted) {
      change(pasted.key, { problem: undefined, part: 0 });
      start(pasted);
    },
    remove({ key, mark }) {
      replace(box.current, autosave, mark, '');
      running.current.delete(key);
      setFiles((all) => all.filter((each) => each.key !== key));
    },
    async settle() {
      return (await Promise.all(running.current.values())).every(Boolean);
    },
  };
}

// A mark is a comment: one that is left behind by a page that was closed is not seen by readers.
function pastedFile(file: File): PastedFile {
  const key = uploadKey();
  const name = file.name.replace(/-{2,}|[<>\n\r]/g, '-').slice(0, 60);
  const preview = /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? URL.createObjectURL(file) : undefined;
  return { key, file, preview, mark: `<!-- Sending ${name} (${key.slice(0, 6)}) -->`, part: 0, done: false };
}

// Types a text at the caret, so that it can be undone.
function insert(box: HTMLTextAreaElement | null, text: string): void {
  if (!box) return;
  const apart = /\S$/.test(box.value.slice(0, box.selectionStart)) ? ` ${text}` : text;
  typeText(box, apart);
}

// Puts a text in the place of a mark; the caret stays where it is in the text. A mark that was deleted stays away.
function replace(box: HTMLTextAreaElement | null, autosave: Autosave, mark: string, text: string): void {
  const { draft } = autosave.current();
  const at = draft.content.indexOf(mark);
  if (at < 0) return;
  const end = at + mark.length;
  const moved = (place: number) => (place <= at ? place : Math.max(place, end) + text.length - mark.length);
  const [from = 0, to = 0] = box ? [moved(box.selectionStart), moved(box.selectionEnd)] : [];
  box?.setRangeText(text, at, end);
  box?.setSelectionRange(from, to);
  autosave.write({ ...draft, content: draft.content.slice(0, at) + text + draft.content.slice(end) });
}
