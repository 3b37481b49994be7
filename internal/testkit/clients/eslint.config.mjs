// The rules of graphql-eslint for schemas, and for Relay's conventions.
import graphql from '@graphql-eslint/eslint-plugin';

const { rules: recommended } = graphql.configs['flat/schema-recommended'];
const { rules: relay } = graphql.configs['flat/schema-relay'];

export default [{
  files: ['**/*.graphql'],
  languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'generated/schema.graphql' } } },
  plugins: { '@graphql-eslint': graphql },
  rules: {
    ...recommended,
    ...relay,
    // Values are part of what holds them, and are never fetched again on their own.
    '@graphql-eslint/strict-id-in-types': ['error', {
      exceptions: {
        suffixes: ['Connection', 'Edge', 'Payload', 'Stats'],
        types: [
          'PageInfo', 'DocumentHeading', 'RevisionDiff', 'DiffHunk', 'DiffLine', 'SearchSnippet', 'SearchSuggestion', 'RateLimit', 'CacheReport', 'CacheAudit', 'CacheEntry', 'CacheHeld', 'CacheHotKey',
          'CacheKind', 'CacheOutbox', 'CacheTag', 'CacheTier', 'CacheWarmUp', 'DeletedComment',
        ],
      },
    }],
    // The contract has `nodes` next to `edges`, and short lists that are no connections.
    '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
    // The contract lets a search go forward only: whatever ranks it has no end to begin from.
    '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
    // The contract names User.username; the rule has no exceptions.
    '@graphql-eslint/no-typename-prefix': 'off',
  },
}];
