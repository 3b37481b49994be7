// Sends one file by tus 1.0. What has arrived stays: after a break it goes on where the server says.
import { DetailedError, Upload } from 'tus-js-client';
import { t } from '../i18n';
import { currentSession } from '../session/session';

export interface Transfer {
  stop(): void;
  goOn(): void;
}

export interface Listener {
  onProgress(sent: number): void;
  onDone(): void;
  onFailure(message: string, final: boolean): void; // final: the server will not take it
}

const pauses = [0, 1000, 2000, 4000, 8000]; // milliseconds before each of the tries after a break
const piece = 4 << 20; // bytes of a request

export function send(file: File, address: string, { onProgress, onDone, onFailure }: Listener): Transfer {
  const upload = new Upload(file, {
    // The server may know itself by another name than this page does; its files have the same origin as the page all the same.
    uploadUrl: new URL(address, location.href).pathname,
    headers: { authorization: `Bearer ${currentSession()?.token ?? ''}` },
    chunkSize: piece,
    retryDelays: pauses,
    onProgress,
    onSuccess: onDone,
    onError(error) {
      const response = error instanceof DetailedError ? error.originalResponse : null;
      const status = response?.getStatus() ?? 0;
      if (status < 400 || status >= 500) return onFailure(t.upload.broken, false);
      onFailure(response?.getBody().trim().replace(/^ERR_\w+: /, '') || t.failure.status(status), true);
    },
  });
  upload.start();
  return { stop: () => void upload.abort(), goOn: () => upload.start() };
}
