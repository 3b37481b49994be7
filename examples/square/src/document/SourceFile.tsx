import { useState, type MouseEvent } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { currentSession } from '../session/session';
import { bytes } from '../ui/count';
import styles from './document.module.css';

const sourceFile = graphql(/* GraphQL */ `
  fragment SourceFile on Document {
    visibility
    file {
      id
      name
      size
      url
    }
  }
`);

// The file that a document came from. A link carries no token: that of a private document, which is its author's alone, is
// fetched with it.
export function SourceFile({ document }: { document: FragmentType<typeof sourceFile> }) {
  const { visibility, file } = readFragment(sourceFile, document);
  const [wrong, setWrong] = useState(false);
  if (!file?.url) return null;
  const { name, size, url } = file;
  const path = new URL(url, location.href).pathname;

  function follow(event: MouseEvent) {
    if (visibility !== 'PRIVATE') return;
    event.preventDefault();
    setWrong(false);
    download(path, name).catch(() => setWrong(true));
  }

  return (
    <p className={styles.file}>
      <a href={path} download={name} onClick={follow}>{name}</a> {bytes(size)}
      {wrong && <span className={styles.wrong} role="alert"> The file could not be fetched. Try again.</span>}
    </p>
  );
}

async function download(path: string, name: string): Promise<void> {
  const response = await fetch(path, { headers: { authorization: `Bearer ${currentSession()?.token ?? ''}` } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const address = URL.createObjectURL(await response.blob());
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // by then the browser has it
}
