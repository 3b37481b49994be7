import { graphql, readFragment, type FragmentType } from '../gql';

const readingTime = graphql(/* GraphQL */ `
  fragment ReadingTime on Document {
    readingTime
  }
`);

export function ReadingTime({ document }: { document: FragmentType<typeof readingTime> }) {
  const { readingTime: minutes } = readFragment(readingTime, document);
  return minutes ? <span>{minutes} min read</span> : null;
}
