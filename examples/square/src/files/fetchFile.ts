// Addresses of files. A link or a picture carries no token: a file of a private document is fetched with it.
import { useEffect, useState } from 'react';
import { t } from '../i18n';
import { currentSession } from '../session/session';

// The server may know itself by another name than this page does; its files have the same origin as the page all the same.
export const pathOf = (url: string): string => new URL(url, location.href).pathname;

// Stands in for a picture that is being fetched: one pixel that is not seen.
export const blank = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

// Fetches a file with the token of the viewer. The address must be revoked.
export async function fetchFile(path: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(path, { headers: { authorization: `Bearer ${currentSession()?.token ?? ''}` }, signal });
  if (!response.ok) throw new Error(t.failure.status(response.status));
  return URL.createObjectURL(await response.blob());
}

export async function download(path: string, name: string): Promise<void> {
  const address = await fetchFile(path);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // by then the browser has it
}

// The address to show a picture by: its path, or for a private one what was fetched, which is blank until it is there.
export function useAddress(path: string, isPrivate: boolean): string {
  const [fetched, setFetched] = useState(blank);
  useEffect(() => {
    if (!isPrivate) return;
    const stop = new AbortController();
    let address: string | undefined;
    fetchFile(path, stop.signal).then((url) => {
      address = url;
      if (stop.signal.aborted) URL.revokeObjectURL(url);
      else setFetched(url);
    }, () => undefined);
    return () => {
      stop.abort();
      if (address) URL.revokeObjectURL(address);
    };
  }, [path, isPrivate]);
  return isPrivate ? fetched : path;
}
