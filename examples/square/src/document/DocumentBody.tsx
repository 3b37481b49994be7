import { useEffect, useMemo, useRef, type MouseEvent } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { languageOf } from '../ui/language';
import { Nothing } from '../ui/Nothing';
import { prepareHtml } from './prepareHtml';
import { PrivatePictures } from './PrivatePictures';
import { pressCopy, pressFile, pressLink } from './pressed';

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

  useEffect(() => {
    const pictures = new PrivatePictures();
    if (text.current) pictures.show(text.current);
    return () => pictures.dispose();
  }, [content]);

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

// A file of a private document is fetched with the token.
function press(event: MouseEvent, isPrivate: boolean): boolean {
  return pressCopy(event) || (isPrivate && pressFile(event)) || pressLink(event);
}
