// The attachments of a document that is being written. They are sent when they are chosen, and named by the document when it is saved.
import { useRef, useState } from 'react';
import { uploadKey, useUploadFile } from './useUploadFile';

export interface Attachment {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly contentType: string;
  readonly id?: string; // left out while it is sent
  readonly part: number;
  readonly problem?: string;
}

export interface Attachments {
  readonly list: readonly Attachment[];
  readonly changed: boolean;
  add(files: readonly File[]): void;
  again(attachment: Attachment): void;
  remove(attachment: Attachment): void;
  settle(): Promise<string[] | undefined>; // the identifiers, once all are sent; undefined: one has failed
}

interface Known { id: string; name: string; size: number; contentType: string }

export function useAttachments(known: readonly Known[]): Attachments {
  const upload = useUploadFile();
  const [list, setList] = useState<readonly Attachment[]>(() => known.map((file) => ({ ...file, key: file.id, part: 1 })));
  const [changed, setChanged] = useState(false);
  const files = useRef(new Map<string, File>());
  const sent = useRef(new Map<string, Promise<string | undefined>>(known.map(({ id }) => [id, Promise.resolve(id)])));

  const change = (key: string, to: Partial<Attachment>) => setList((all) => all.map((each) => (each.key === key ? { ...each, ...to } : each)));

  async function send(key: string): Promise<string | undefined> {
    try {
      const { id } = await upload(files.current.get(key) as File, key, (part) => change(key, { part }));
      change(key, { id, part: 1 });
      return id;
    } catch (error) {
      change(key, { problem: (error as Error).message });
      return undefined;
    }
  }

  const start = (key: string) => void sent.current.set(key, send(key));

  return {
    list,
    changed,
    add(chosen) {
      const added = chosen.map((file) => ({ key: uploadKey(), name: file.name, size: file.size, contentType: file.type, part: 0, file }));
      added.forEach(({ key, file }) => files.current.set(key, file));
      setList((all) => [...all, ...added]);
      setChanged(true);
      added.forEach(({ key }) => start(key));
    },
    again({ key }) {
      change(key, { problem: undefined, part: 0 });
      start(key);
    },
    remove({ key }) {
      sent.current.delete(key);
      setList((all) => all.filter((each) => each.key !== key));
      setChanged(true);
    },
    async settle() {
      const ids = await Promise.all(sent.current.values());
      return ids.every((id) => id !== undefined) ? ids : undefined;
    },
  };
}
