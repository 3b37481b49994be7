import { t } from '../i18n';
import { bytes } from '../ui/count';
import { Text } from '../ui/Text';
import styles from './editor.module.css';
import type { PastedFile, PastedFiles } from './usePastedFiles';

// The files that were pasted since the editor was opened, and how far they have come.
export function PastedFileList({ pasted }: { pasted: PastedFiles }) {
  if (pasted.files.length === 0) return null;
  return (
    <ul className={styles.pasted} aria-label={t.editor.pasted}>
      {pasted.files.map((each) => (
        <li key={each.key}>
          {each.preview ? <img src={each.preview} alt="" width="56" height="56" /> : <span className={styles.noPreview} aria-hidden="true">{extensionOf(each.file.name)}</span>}
          <p><Text of={each.file.name} /> <span>{bytes(each.file.size)}</span></p>
          <State of={each} pasted={pasted} />
        </li>
      ))}
    </ul>
  );
}

const extensionOf = (name: string): string => /\.(\w{1,4})$/.exec(name)?.[1] ?? '…';

function State({ of, pasted }: { of: PastedFile; pasted: PastedFiles }) {
  if (of.done) return <p role="status">{t.editor.added}</p>;
  if (!of.problem) return <progress aria-label={t.files.progress(of.file.name)} max={1} value={of.part} />;
  return (
    <div role="alert">
      <p className={styles.wrong}>{of.problem}</p>
      <button type="button" className="link" onClick={() => pasted.again(of)}>{t.failure.tryAgain}</button>{' '}
      <button type="button" className="link" onClick={() => pasted.remove(of)}>{t.editor.remove}</button>
    </div>
  );
}
