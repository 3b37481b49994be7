import type { DocumentOrderField } from '../gql/graphql';
import { t } from '../i18n';

// The order that an address names; the newest first where it names none.
export function orderOf(name: string | null): DocumentOrderField {
  return name && Object.hasOwn(t.square.orders, name) ? (name as DocumentOrderField) : 'PUBLISHED_AT';
}
