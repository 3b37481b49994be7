// The addresses of the pages.
export const paths = {
  square: (parameters: Parameters = {}) => `/${queryOf(parameters)}`,
  search: (q: string, filters: Parameters = {}) => `/search${queryOf({ q, ...filters })}`,
  document: (id: string) => `/documents/${encodeURIComponent(id)}`,
  author: (username: string) => `/u/${encodeURIComponent(username)}`,
  history: (id: string, number?: number) => `/documents/${encodeURIComponent(id)}/history${queryOf({ revision: number?.toString() })}`,
  desk: () => '/desk',
  editor: (sessionId: string, view?: string) => `/desk/${encodeURIComponent(sessionId)}${queryOf({ view: view === 'text' ? undefined : view })}`,
  library: (tab?: string) => `/library${queryOf({ tab })}`,
  settings: () => '/settings',
  upload: () => '/upload',
  signIn: (next?: string) => `/sign-in${queryOf({ next })}`,
  signUp: (next?: string) => `/sign-up${queryOf({ next })}`,
};

type Parameters = Readonly<Record<string, string | undefined>>;

function queryOf(parameters: Parameters): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length ? `?${new URLSearchParams(given)}` : '';
}
