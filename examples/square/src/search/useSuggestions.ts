import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { graphql } from '../gql';
import type { SuggestionsQuery } from '../gql/graphql';

const suggestions = graphql(/* GraphQL */ `
  query Suggestions($prefix: String!) {
    searchSuggestions(prefix: $prefix, first: 8) {
      kind
      text
      documents
      document {
        id
      }
    }
  }
`);

export type Suggestion = SuggestionsQuery['searchSuggestions'][number];

const pause = 150; // milliseconds without a key

// Ways to go on with what was typed, once the typing pauses.
export function useSuggestions(text: string): readonly Suggestion[] {
  const [prefix, setPrefix] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setPrefix(text.trim()), pause);
    return () => clearTimeout(timer);
  }, [text]);
  const { data } = useQuery(suggestions, { variables: { prefix }, skip: !prefix });
  return (prefix && data?.searchSuggestions) || none;
}

const none: readonly Suggestion[] = [];
