import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { failureOf } from '../api/failure';
import { graphql } from '../gql';
import { send, type Transfer } from './transfer';

const startUpload = graphql(/* GraphQL */ `
  mutation StartUpload($input: StartUploadInput!) {
    startUpload(input: $input) {
      file {
        id
      }
      uploadUrl
    }
  }
`);

export type UploadState =
  | { readonly kind: 'none' }
  | { readonly kind: 'sending' | 'stopped'; readonly file: File; readonly sent: number; readonly message?: string }
  | { readonly kind: 'stored'; readonly file: File; readonly fileId: string }
  | { readonly kind: 'failed'; readonly file: File; readonly message: string };

// A file on its way to the server.
export function useUpload() {
  const client = useApolloClient();
  const [state, setState] = useState<UploadState>({ kind: 'none' });
  const transfer = useRef<Transfer>(undefined);
  useEffect(() => () => transfer.current?.stop(), []);

  async function start(file: File) {
    setState({ kind: 'sending', file, sent: 0 });
    try {
      const { data } = await client.mutate({ mutation: startUpload, variables: { input: { name: file.name, size: file.size } } });
      if (data) follow(file, data.startUpload.file.id, data.startUpload.uploadUrl);
    } catch (error) {
      setState({ kind: 'failed', file, message: failureOf(error).message });
    }
  }

  function follow(file: File, fileId: string, address: string) {
    transfer.current = send(file, address, {
      onProgress: (sent) => setState({ kind: 'sending', file, sent }),
      onDone: () => setState({ kind: 'stored', file, fileId }), // the last piece is answered when the file is in order
      onFailure: (message, final) => setState((state) => {
        if (final || state.kind !== 'sending') return { kind: 'failed', file, message };
        return { ...state, kind: 'stopped', message };
      }),
    });
  }

  return {
    state,
    start,
    stop() {
      transfer.current?.stop();
      setState((state) => (state.kind === 'sending' ? { ...state, kind: 'stopped' } : state));
    },
    goOn() {
      transfer.current?.goOn();
      setState((state) => (state.kind === 'stopped' ? { ...state, kind: 'sending', message: undefined } : state));
    },
    reset() {
      transfer.current?.stop();
      setState({ kind: 'none' });
    },
  };
}
