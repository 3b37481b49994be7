import { useState } from 'react';
import { failureOf } from '../api/failure';
import { FileButton } from './FileButton';
import styles from './files.module.css';
import { uploadKey, useUploadFile } from './useUploadFile';

interface Props {
  words: { add: string; change: string; remove: string };
  chosen: boolean;
  onChoose: (fileId: string | null) => Promise<unknown>;
}

// Chooses one picture, or takes it away.
export function PictureChooser({ words, chosen, onChoose }: Props) {
  const upload = useUploadFile();
  const [part, setPart] = useState<number>();
  const [problem, setProblem] = useState<string>();

  async function change(choose: () => Promise<string | null>) {
    setProblem(undefined);
    setPart(0);
    try {
      const fileId = await choose();
      await onChoose(fileId).catch((error: unknown) => Promise.reject(new Error(failureOf(error).message)));
    } catch (error) {
      setProblem((error as Error).message);
    }
    setPart(undefined);
  }

  const send = (files: readonly File[]) => void change(async () => (await upload(files[0] as File, uploadKey(), setPart)).id);
  return (
    <span className={styles.chooser}>
      <FileButton accept="image/png,image/jpeg,image/gif,image/webp" disabled={part !== undefined} onChoose={send}>
        {chosen ? words.change : words.add}
      </FileButton>
      {chosen && (
        <button type="button" className="link" disabled={part !== undefined} onClick={() => void change(async () => null)}>{words.remove}</button>
      )}
      {part !== undefined && <progress aria-label={words.add} max={1} value={part} />}
      {problem && <span className={styles.wrong} role="alert">{problem}</span>}
    </span>
  );
}
