import { useApolloClient } from '@apollo/client/react';
import { useCallback } from 'react';
import { failureOf, UNREACHABLE } from '../api/failure';
import type { UploadContext } from '../api/multipart';
import { graphql } from '../gql';
import type { SendFileMutation } from '../gql/graphql';
import { t } from '../i18n';
import { bytes } from '../ui/count';

const sendFile = graphql(/* GraphQL */ `
  mutation SendFile($input: UploadFileInput!) {
    uploadFile(input: $input) {
      file {
        id
        markdown
      }
    }
  }
`);

export type StoredFile = SendFileMutation['uploadFile']['file'];

const largest = 8 << 20; // bytes: FILES_SMALL_BYTES of the server
const pauses = [1000, 3000]; // milliseconds before each further try

// A name for one upload, by which the server knows it again.
export const uploadKey = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

// Sends a small file in one request. Without an answer it is sent again under the same key, so that it is stored once.
export function useUploadFile() {
  const client = useApolloClient();
  return useCallback(async (file: File, key: string, onProgress?: UploadContext['onProgress']): Promise<StoredFile> => {
    if (file.size > largest) throw new Error(t.files.tooLarge(bytes(file.size), bytes(largest)));
    for (let tries = 0; ; tries++) {
      try {
        const input = { file, clientMutationId: key };
        const { data } = await client.mutate({ mutation: sendFile, variables: { input }, fetchPolicy: 'no-cache', context: { onProgress } });
        if (data) return data.uploadFile.file;
        throw new TypeError('no answer');
      } catch (error) {
        const pause = pauses[tries];
        const { code, message } = failureOf(error);
        if (code !== UNREACHABLE || pause === undefined) throw new Error(message);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }, [client]);
}
