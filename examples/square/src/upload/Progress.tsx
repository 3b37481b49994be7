import { t } from '../i18n';
import { bytes } from '../ui/count';
import { Text } from '../ui/Text';
import styles from './upload.module.css';
import type { UploadState } from './useUpload';

interface Props {
  state: Exclude<UploadState, { kind: 'none' }>;
  onStop: () => void;
  onGoOn: () => void;
  onReset: () => void;
}

// How far a file has come.
export function Progress({ state, onStop, onGoOn, onReset }: Props) {
  const { kind, file } = state;
  const part = 'sent' in state ? state.sent / file.size : Number(kind === 'stored');
  return (
    <section className={styles.progress} aria-label={t.upload.progress}>
      <p className={styles.name}><Text of={file.name} /><span>{bytes(file.size)}</span></p>
      <progress aria-label={t.files.progress(file.name)} max={1} value={part} />
      <p role={kind === 'failed' ? 'alert' : 'status'} data-kind={kind}>{wordsOf(state, part)}</p>
      <div className={styles.buttons}>
        {kind === 'sending' && <button type="button" onClick={onStop}>{t.upload.pause}</button>}
        {kind === 'stopped' && <button type="button" className="primary" onClick={onGoOn}>{t.upload.resume}</button>}
        <button type="button" className="link" onClick={onReset}>{t.upload.another}</button>
      </div>
    </section>
  );
}

function wordsOf(state: Props['state'], part: number): string {
  switch (state.kind) {
    case 'sending': return part < 1 ? t.upload.sending(Math.floor(100 * part)) : t.upload.processing;
    case 'stopped': return `${state.message ?? t.upload.paused} ${t.upload.sent(bytes(state.sent))}`;
    case 'stored': return t.upload.stored;
    case 'failed': return state.message;
  }
}
