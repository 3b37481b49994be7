import type { DocumentOrderField } from '../gql/graphql';

export const orders: Readonly<Record<DocumentOrderField, string>> = {
  PUBLISHED_AT: 'Newest',
  CREATED_AT: 'Written',
  UPDATED_AT: 'Recently updated',
  POPULARITY: 'Popular',
};

// The order that an address names; the newest first where it names none.
export function orderOf(name: string | null): DocumentOrderField {
  return name && Object.hasOwn(orders, name) ? (name as DocumentOrderField) : 'PUBLISHED_AT';
}
