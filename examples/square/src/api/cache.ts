// What the cache cannot tell from answers alone: which lists grow page by page.
import { InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: { Node: ['Comment', 'Document', 'EditorSession', 'File', 'User'] },
    typePolicies: {
      Query: {
        fields: {
          documents: relayStylePagination(['filter', 'orderBy']),
          search: relayStylePagination(['query', 'filter']),
        },
      },
      User: { fields: { documents: relayStylePagination(), editorSessions: relayStylePagination() } },
      Document: { fields: { comments: relayStylePagination(), stats: { merge: true } } },
      Comment: { fields: { replies: relayStylePagination() } },
    },
  });
}
