import { t } from '../i18n';
import { FileChooser } from './FileChooser';
import { MakeDocument } from './MakeDocument';
import { Progress } from './Progress';
import styles from './upload.module.css';
import { useUpload } from './useUpload';

// A file becomes a document: choose, send, publish.
export default function UploadPage() {
  const { state, start, stop, goOn, reset } = useUpload();
  return (
    <div className={styles.page}>
      <title>{t.page.title(t.upload.title)}</title>
      <h1>{t.upload.heading}</h1>
      {state.kind === 'none' && <FileChooser onChoose={(file) => void start(file)} />}
      {state.kind !== 'none' && <Progress state={state} onStop={stop} onGoOn={goOn} onReset={reset} />}
      {state.kind === 'stored' && <MakeDocument fileId={state.fileId} />}
    </div>
  );
}
