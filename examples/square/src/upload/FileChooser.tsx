import { useState, type DragEvent } from 'react';
import { t } from '../i18n';
import styles from './upload.module.css';

// Takes a file by the dialog of the browser, or where it is dropped.
export function FileChooser({ onChoose }: { onChoose: (file: File) => void }) {
  const [over, setOver] = useState(false);

  function drag(event: DragEvent, next: boolean) {
    event.preventDefault(); // or the browser leaves the page for the file
    setOver(next);
  }

  function drop(event: DragEvent) {
    drag(event, false);
    const [file] = event.dataTransfer.files;
    if (file) onChoose(file);
  }

  return (
    <label
      className={styles.chooser}
      data-over={over}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={drop}
    >
      <strong>{t.upload.choose}</strong>
      <span>{t.upload.accepted}</span>
      <input
        type="file"
        accept=".md,.markdown,.txt,.pdf,.docx"
        onChange={({ target }) => target.files?.[0] && onChoose(target.files[0])}
      />
    </label>
  );
}
