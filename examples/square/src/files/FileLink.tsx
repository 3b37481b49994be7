import { useState, type MouseEvent } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { bytes } from '../ui/count';
import { Text } from '../ui/Text';
import { download, pathOf } from './fetchFile';
import styles from './files.module.css';
import { kindOf } from './kind';

const fileLink = graphql(/* GraphQL */ `
  fragment FileLink on File {
    name
    size
    contentType
    url
  }
`);

// A link that downloads a file, with its size and type.
export function FileLink({ file: masked, isPrivate }: { file: FragmentType<typeof fileLink>; isPrivate: boolean }) {
  const { name, size, contentType, url } = readFragment(fileLink, masked);
  const [wrong, setWrong] = useState(false);
  if (!url) return null;
  const path = pathOf(url);

  function follow(event: MouseEvent) {
    if (!isPrivate) return;
    event.preventDefault();
    setWrong(false);
    download(path, name).catch(() => setWrong(true));
  }

  return (
    <>
      <a href={path} download={name} onClick={follow}><Text of={name} /></a> {t.files.description(bytes(size), kindOf(contentType))}
      {wrong && <span className={styles.wrong} role="alert"> {t.files.notFetched}</span>}
    </>
  );
}
