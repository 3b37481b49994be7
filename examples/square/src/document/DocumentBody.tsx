import { useEffect, useMemo, useRef, type MouseEvent } from 'react';
import { download, fetchFile } from '../files/fetchFile';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { languageOf } from '../ui/language';
import { Nothing } from '../ui/Nothing';
import { prepareHtml } from './prepareHtml';

const documentBody = graphql(/* GraphQL */ `
  fragment DocumentBody on Document {
    title
    visibility
    bodyHtml
  }
`);

// The text, as HTML that the server has sanitised, with the server's style sheet for code and alerts.
export function DocumentBody({ document }: { document: FragmentType<typeof documentBody> }) {
  const { title, visibility, bodyHtml } = readFragment(documentBody, document);
  const isPrivate = visibility === 'PRIVATE';
  const copy = t.copy.code;
  const content = useMemo(() => ({ __html: prepareHtml(bodyHtml ?? '', { title, copy, isPrivate }) }), [bodyHtml, title, copy, isPrivate]);
  const text = useRef<HTMLDivElement>(null);

  // The browser looks for the heading in the address before the text is there.
  useEffect(() => {
    if (!location.hash) return;
    const named = [...(text.current?.querySelectorAll('[id]') ?? [])];
    named.find(({ id }) => new URL(`#${id}`, location.href).hash === location.hash)?.scrollIntoView();
  }, [content]);

  useEffect(() => showPrivatePictures(text.current), [content]);

  if (!content.__html) return <Nothing title={t.document.noText} />;
  return (
    <>
      <link rel="stylesheet" href="/markdown.css" precedence="text" />
      <div
        className="prose"
        ref={text}
        lang={languageOf(content.__html)}
        onClick={(event) => press(event, isPrivate)}
        dangerouslySetInnerHTML={content}
      />
    </>
  );
}

// Fetches the pictures of a private text. Call what it returns when the text is gone.
function showPrivatePictures(text: HTMLElement | null): () => void {
  const stop = new AbortController();
  const addresses: string[] = [];
  for (const image of text?.querySelectorAll<HTMLImageElement>('img[data-file]') ?? []) {
    fetchFile(image.dataset['file'] ?? '', stop.signal).then((address) => {
      addresses.push(address);
      image.src = address;
    }, () => stop.signal.aborted || image.removeAttribute('src')); // its description is shown instead
  }
  return () => {
    stop.abort();
    addresses.forEach(URL.revokeObjectURL);
  };
}

function press(event: MouseEvent<HTMLElement>, isPrivate: boolean): void {
  const button = (event.target as Element).closest<HTMLButtonElement>('button[data-copy]');
  if (button) void copyCode(button);
  else follow(event, isPrivate);
}

// Copies the code before a button. For two seconds the button shows whether that has worked.
async function copyCode(button: HTMLButtonElement): Promise<void> {
  const code = button.previousElementSibling?.textContent ?? '';
  button.textContent = await navigator.clipboard.writeText(code).then(() => t.copy.copied, () => t.copy.failed);
  setTimeout(() => (button.textContent = t.copy.code), 2000);
}

// A link to another document opens it in this page; a file of a private document is fetched with the token.
function follow(event: MouseEvent<HTMLElement>, isPrivate: boolean): void {
  const link = (event.target as Element).closest('a');
  const other = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || other || link.origin !== location.origin) return;
  if (link.pathname.startsWith('/documents/') && link.pathname !== location.pathname) {
    event.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  } else if (isPrivate && link.pathname.startsWith('/files/')) {
    event.preventDefault();
    download(link.pathname, link.textContent?.trim() || 'file').catch(() => undefined);
  }
}
