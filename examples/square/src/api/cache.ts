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
      User: {
        fields: {
          documents: relayStylePagination(),
          drafts: relayStylePagination(),
          editorSessions: relayStylePagination(),
          favorites: relayStylePagination(),
          files: relayStylePagination(),
          likes: relayStylePagination(),
          stats: { merge: true },
        },
      },
      Document: { fields: { comments: relayStylePagination(['orderBy']), revisions: relayStylePagination(), stats: { merge: true } } },
      Comment: { fields: { replies: relayStylePagination() } },
    },
  });
}
