import { useId, useState, type ClipboardEvent, type DragEvent, type RefObject } from 'react';
import { FileButton } from '../files/FileButton';
import { t } from '../i18n';
import { languageOf } from '../ui/language';
import styles from './editor.module.css';
import { PastedFileList } from './PastedFileList';
import { Toolbar } from './Toolbar';
import { useKeys } from './useKeys';
import type { PastedFiles } from './usePastedFiles';

interface Props {
  box: RefObject<HTMLTextAreaElement | null>;
  value: string;
  onChange: (value: string) => void;
  pasted?: PastedFiles; // left out: the text cannot show files
}

// The text, into which files can be pasted and dropped.
export function ContentBox({ box, value, onChange, pasted }: Props) {
  const hint = useId();
  const press = useKeys();
  const [over, setOver] = useState(false);

  function paste(event: ClipboardEvent) {
    const { files } = event.clipboardData;
    const asText = event.clipboardData.getData('text/plain'); // programs that copy text often add a picture of it
    if (!pasted || files.length === 0 || asText) return;
    event.preventDefault();
    pasted.add([...files]);
  }

  function drag(event: DragEvent, next: boolean) {
    if (!pasted || !event.dataTransfer.types.includes('Files')) return;
    event.preventDefault(); // or the browser leaves the page for the file
    setOver(next);
  }

  function drop(event: DragEvent) {
    drag(event, false);
    pasted?.add([...event.dataTransfer.files]);
  }

  return (
    <>
      {pasted && <Toolbar box={box} />}
      <textarea
        ref={box}
        className={styles.content}
        data-over={over}
        aria-label={t.editor.content}
        placeholder={t.editor.placeholder}
        lang={languageOf(value)}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={hint}
        onKeyDown={press}
        onPaste={paste}
        onDragOver={(event) => drag(event, true)}
        onDragLeave={(event) => drag(event, false)}
        onDrop={(event) => event.dataTransfer.files.length > 0 && drop(event)}
      />
      <p id={hint} className={styles.below}>{t.editor.tabHint}</p>
      {pasted && (
        <div className={styles.below}>
          <FileButton multiple onChoose={pasted.add}>{t.editor.addFiles}</FileButton>
          <span>{t.editor.addFilesHint}</span>
        </div>
      )}
      {pasted && <PastedFileList pasted={pasted} />}
    </>
  );
}
