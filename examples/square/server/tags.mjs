// The tags of a head, as HTML.
const site = 'Square';

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escape = (text) => text.replace(/[&<>"']/g, (sign) => escapes[sign]);

// The beginning of a text in one line of at most so many characters. Control characters become spaces.
export function oneLine(text, most) {
  const characters = [...String(text ?? '').slice(0, 4 * most).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim()];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('').trimEnd()}…`;
}

// Puts a head into a page: its title takes the place of the one that the page has. The front end takes the tags with data-served
// away when its reader goes on to another address.
export function withHead(html, head) {
  const title = head.title ? `${head.title} – ${site}` : site;
  const tags = tagsOf(head).map(([name, of]) => `\n    <${name}${attributesOf(of)} data-served>`).join('');
  return html.replace(/<title>[^<]*<\/title>/, () => `<title>${escape(title)}</title>${tags}`);
}

function tagsOf({ title = site, description, url, type = 'website', image, hidden, feed, more = [] }) {
  const named = { description, robots: hidden && 'noindex', 'twitter:card': image ? 'summary_large_image' : 'summary' };
  const properties = { 'og:site_name': site, 'og:title': title, 'og:type': type, 'og:description': description, 'og:url': url, 'og:image': image };
  const meta = (key, list) => list.filter(([, content]) => content).map(([name, content]) => ['meta', { [key]: name, content }]);
  return [
    ...meta('name', Object.entries(named)),
    ...meta('property', [...Object.entries(properties), ...more]),
    ...(url ? [['link', { rel: 'canonical', href: url }]] : []),
    ...(feed ? [['link', { rel: 'alternate', type: 'application/atom+xml', ...feed }]] : []),
  ];
}

const attributesOf = (of) => Object.entries(of).map(([name, value]) => ` ${name}="${escape(String(value))}"`).join('');
