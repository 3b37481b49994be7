// Links to one comment.
const prefix = 'comment-';

export const anchorOf = (commentId: string): string => prefix + commentId;

// The comment that the fragment of an address names.
export function linkedComment({ hash }: URL): string | undefined {
  const anchor = decodeURIComponent(hash.slice(1));
  return anchor.startsWith(prefix) ? anchor.slice(prefix.length) : undefined;
}
