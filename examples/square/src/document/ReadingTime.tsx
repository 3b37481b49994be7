import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';

const readingTime = graphql(/* GraphQL */ `
  fragment ReadingTime on Document {
    readingTime
  }
`);

export function ReadingTime({ document }: { document: FragmentType<typeof readingTime> }) {
  const { readingTime: minutes } = readFragment(readingTime, document);
  return minutes ? <span>{t.document.readingTime(minutes)}</span> : null;
}
