// The filters of a search, as the address has them.
import type { DocumentFormat } from '../gql/graphql';
import { t } from '../i18n';

export const filterNames = ['category', 'format', 'tag', 'author'] as const;

export type SearchFilter = Readonly<Partial<Record<(typeof filterNames)[number], string>>>;

// The filters in an address. A format that does not exist is ignored.
export function filterOf(parameters: URLSearchParams): SearchFilter {
  const given = Object.fromEntries(filterNames.map((name) => [name, parameters.get(name)?.trim() || undefined]));
  return { ...given, format: formatOf(given['format']) };
}

export const formatOf = (name: string | undefined): DocumentFormat | undefined =>
  name && Object.hasOwn(t.format, name) ? (name as DocumentFormat) : undefined;
