import { useId, useRef } from 'react';
import { t } from '../i18n';
import { bytes } from '../ui/count';
import { Text } from '../ui/Text';
import { FileButton } from './FileButton';
import styles from './files.module.css';
import { kindOf } from './kind';
import type { Attachment, Attachments } from './useAttachments';

// Chooses the files that readers can download with a document.
export function AttachmentChooser({ attachments }: { attachments: Attachments }) {
  const id = useId();
  const section = useRef<HTMLElement>(null);

  // The button that was pressed is gone: the keyboard goes on at the section.
  function remove(attachment: Attachment) {
    attachments.remove(attachment);
    section.current?.focus();
  }

  return (
    <section ref={section} className={styles.attachments} aria-labelledby={id} tabIndex={-1}>
      <h3 id={id}>{t.publish.attachments}</h3>
      {attachments.list.length > 0 && (
        <ul>
          {attachments.list.map((each) => (
            <li key={each.key}>
              <p><Text of={each.name} /> <span>{t.files.description(bytes(each.size), kindOf(each.contentType))}</span></p>
              <button type="button" className="link" aria-label={t.publish.removeOf(each.name)} onClick={() => remove(each)}>{t.publish.remove}</button>
              <State of={each} onAgain={() => attachments.again(each)} />
            </li>
          ))}
        </ul>
      )}
      <FileButton multiple onChoose={attachments.add}>{t.publish.attach}</FileButton>
    </section>
  );
}

function State({ of, onAgain }: { of: Attachment; onAgain: () => void }) {
  if (of.id) return null;
  if (!of.problem) return <progress aria-label={t.files.progress(of.name)} max={1} value={of.part} />;
  return (
    <div role="alert">
      <span className={styles.wrong}>{of.problem}</span>{' '}
      <button type="button" className="link" onClick={onAgain}>{t.failure.tryAgain}</button>
    </div>
  );
}
