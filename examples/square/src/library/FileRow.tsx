import { useMutation } from '@apollo/client/react';
import { failureOf } from '../api/failure';
import { FileLink } from '../files/FileLink';
import { Picture } from '../files/Picture';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Confirm } from '../ui/Confirm';
import { CopyButton } from '../ui/CopyButton';
import { Moment } from '../ui/Moment';
import { Text } from '../ui/Text';
import styles from './library.module.css';

const fileRow = graphql(/* GraphQL */ `
  fragment FileRow on File {
    id
    name
    status
    failure
    createdAt
    markdown
    preview: url(width: W320)
    ...FileLink
  }
`);

const deleteFile = graphql(/* GraphQL */ `
  mutation DeleteFile($id: ID!) {
    deleteFile(input: { fileId: $id }) {
      fileId
    }
  }
`);

export function FileRow({ file: masked }: { file: FragmentType<typeof fileRow> }) {
  const file = readFragment(fileRow, masked);
  const [run, { error }] = useMutation(deleteFile, {
    variables: { id: file.id },
    update: (cache) => cache.evict({ id: cache.identify({ __typename: 'File', id: file.id }) }),
  });
  return (
    <>
      {file.preview ? <Picture className={styles.preview} url={file.preview} isPrivate alt="" width={56} height={56} /> : <span className={styles.preview} />}
      <div>
        <p>{file.status === 'STORED' ? <FileLink file={file} isPrivate /> : <Text of={file.name} />}</p>
        <p className={styles.soft}>
          {t.library.fileStatus[file.status]} <Moment at={file.createdAt} />
          {file.failure && <span className={styles.wrong}> <Text of={file.failure} /></span>}
        </p>
        {error && <p className={styles.wrong} role="alert">{failureOf(error).message}</p>}
      </div>
      <div className={styles.buttons}>
        {file.markdown && <CopyButton text={file.markdown}>{t.library.copyMarkdown}</CopyButton>}
        <Confirm action={t.library.deleteFile} of={file.name} onConfirm={() => run()} />
      </div>
    </>
  );
}
