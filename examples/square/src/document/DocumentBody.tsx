import { useMemo } from 'react';
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

// The text, as HTML that the server has sanitised.
export function DocumentBody({ document }: { document: FragmentType<typeof documentBody> }) {
  const { title, bodyHtml } = readFragment(documentBody, document);
  const html = useMemo(() => withoutTitle(bodyHtml ?? '', title), [bodyHtml, title]);
  if (!html) return <Nothing title="It has no text" />;
  return <div className="prose" lang={languageOf(html)} dangerouslySetInnerHTML={{ __html: html }} />;
}
