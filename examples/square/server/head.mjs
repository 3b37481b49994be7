// What the head of a page has, by its address: for crawlers and for those who share a link. It is what a guest sees.
import { oneLine } from './tags.mjs';

const about = 'A public place for technical documents, in English and Chinese: publish what you write, search everything, and see comments as they come.';
const longest = { name: 200, description: 300, id: 256 };

// Returns the question about an address and what makes a head of the answer; undefined for pages that need none. A question is the
// name of a query with its variables, or undefined. Links begin with base, or are left out.
export function planOf(address, base) {
  const link = (path) => base && new URL(path, base).href;
  const [page, id, part, ...rest] = segmentsOf(address.pathname);
  if (rest.length > 0 || id?.length > longest.id) return undefined;
  if (page === 'documents' && id && part !== 'history') {
    return { question: ['DocumentHead', { id }], head: ({ document }) => documentHead(document, link) };
  }
  if (part !== undefined) return undefined;
  if (page === 'u' && id) return { question: ['ProfileHead', { username: id }], head: ({ user }) => profileHead(user, link) };
  if (id !== undefined) return undefined;
  if (page === '') return { head: () => squareHead(address.searchParams, link) };
  if (page === 'search') return { head: () => searchHead(address.searchParams) };
  return undefined;
}

// A document that a guest may not see has the head of one that does not exist.
const nothing = { hidden: true };

function documentHead(document, link) {
  if (!document) return nothing;
  const { title, summary, url, visibility, tags, publishedAt, updatedAt, author, cover } = document;
  return {
    title: oneLine(title, longest.name),
    description: oneLine(summary, longest.description),
    type: 'article',
    url: link(pathOf(url)),
    image: cover?.url && link(pathOf(cover.url)),
    hidden: visibility !== 'PUBLIC',
    feed: author && authorFeed(author),
    more: [
      ['article:published_time', publishedAt],
      ['article:modified_time', updatedAt],
      ['article:author', author && link(`/u/${encodeURIComponent(author.username)}`)],
      ...tags.map((tag) => ['article:tag', oneLine(tag, longest.name)]),
    ],
  };
}

function profileHead(user, link) {
  if (!user) return nothing;
  const { username, displayName, bio, avatar } = user;
  return {
    title: oneLine(displayName, longest.name),
    description: oneLine(bio, longest.description),
    type: 'profile',
    url: link(`/u/${encodeURIComponent(username)}`),
    image: avatar?.url && link(pathOf(avatar.url)),
    feed: authorFeed(user),
    more: [['profile:username', username]],
  };
}

function squareHead(parameters, link) {
  const [tag, category] = ['tag', 'category'].map((name) => oneLine(parameters.get(name), longest.name));
  if (!tag && !category) return { description: about, url: link('/') };
  return {
    title: category || `# ${tag}`,
    url: link(`/?${new URLSearchParams({ ...(category && { category }), ...(tag && { tag }) })}`),
    feed: tag && { href: `/feeds/tags/${encodeURIComponent(tag)}.atom`, title: tag },
  };
}

function searchHead(parameters) {
  const query = oneLine(parameters.get('q'), longest.name);
  if (!query) return nothing;
  return { title: query, hidden: true, feed: { href: `/feeds/search.atom?${new URLSearchParams({ q: query })}`, title: query } };
}

const authorFeed = ({ username, displayName }) =>
  ({ href: `/feeds/authors/${encodeURIComponent(username)}.atom`, title: oneLine(displayName, longest.name) });

// The host in the addresses of the API may differ from that of the site.
const pathOf = (url) => new URL(url).pathname;

// The parts of a path; the whole where it is badly encoded.
function segmentsOf(pathname) {
  try {
    return pathname.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return [pathname];
  }
}
