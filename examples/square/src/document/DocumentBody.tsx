import { useEffect, useMemo, useRef } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { languageOf } from '../ui/language';
import { Nothing } from '../ui/Nothing';
import { withoutTitle } from './withoutTitle';

const documentBody = graphql(/* GraphQL */ `
  fragment DocumentBody on Document {
    title
    bodyHtml
  }
`);

// The text, as HTML that the server has sanitised, with the server's style sheet for code and alerts.
export function DocumentBody({ document }: { document: FragmentType<typeof documentBody> }) {
  const { title, bodyHtml } = readFragment(documentBody, document);
  const html = useMemo(() => withoutTitle(bodyHtml ?? '', title), [bodyHtml, title]);
  const text = useRef<HTMLDivElement>(null);

  // The browser looks for the heading in the address before the text is there.
  useEffect(() => {
    if (!location.hash) return;
    const named = [...(text.current?.querySelectorAll('[id]') ?? [])];
    named.find(({ id }) => new URL(`#${id}`, location.href).hash === location.hash)?.scrollIntoView();
  }, [html]);

  if (!html) return <Nothing title="It has no text" />;
  return (
    <>
      <link rel="stylesheet" href="/markdown.css" precedence="text" />
      <div className="prose" ref={text} lang={languageOf(html)} dangerouslySetInnerHTML={{ __html: html }} />
    </>
  );
}
