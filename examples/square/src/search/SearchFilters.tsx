import { useQuery } from '@apollo/client/react';
import { useId, useState, type FormEvent } from 'react';
import { graphql } from '../gql';
import type { DocumentFormat } from '../gql/graphql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { Field } from '../ui/Field';
import { Select } from '../ui/Select';
import { filterNames, type SearchFilter } from './filter';
import { FilterChips } from './FilterChips';
import styles from './search.module.css';

const filterOptions = graphql(/* GraphQL */ `
  query FilterOptions {
    categories {
      name
    }
    formats {
      format
    }
    tags(first: 50) {
      name
    }
  }
`);

const authorNames = graphql(/* GraphQL */ `
  query AuthorNames($query: String!) {
    users(query: $query, first: 8) {
      nodes {
        id
        username
        displayName
      }
    }
  }
`);

// Below this width the chips show what is chosen, and the reader opens the form.
const wide = '(width >= 48rem)';

interface Props {
  query: string;
  chosen: SearchFilter;
  unknownAuthor: boolean;
}

// Narrows a search down. The filters are in the address, so that each view can be linked to.
export function SearchFilters({ query, chosen, unknownAuthor }: Props) {
  const id = useId();
  const [author, setAuthor] = useState(chosen.author ?? '');
  const { data: options } = useQuery(filterOptions);
  const { data: authors } = useQuery(authorNames, { variables: { query: author.trim() }, skip: !author.trim() || author === chosen.author });
  const problem = { message: t.search.unknownAuthor, field: 'author', details: {} };

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    navigate(paths.search(query, Object.fromEntries(filterNames.map((name) => [name, String(form.get(name)).trim()]))));
  }

  return (
    <>
      <details className={styles.filters} open={matchMedia(wide).matches && filterNames.some((name) => chosen[name])}>
        <summary>{t.search.filters}</summary>
        <form onSubmit={submit}>
          <Select name="category" label={t.search.category} options={namesOf(options?.categories, chosen.category)} start={chosen.category} any={t.search.any} />
          <Select name="format" label={t.search.format} options={options?.formats.map(({ format }) => format) ?? given(chosen.format)} start={chosen.format} any={t.search.any} text={(format) => t.format[format as DocumentFormat]} />
          <Field name="tag" label={t.search.tag} defaultValue={chosen.tag} list={`${id}-tags`} />
          <Field
            name="author"
            label={t.search.author}
            hint={t.search.authorHint}
            value={author}
            onChange={(event) => setAuthor(event.target.value)}
            list={`${id}-authors`}
            autoCapitalize="none"
            failure={unknownAuthor ? problem : undefined}
          />
          <datalist id={`${id}-tags`}>{options?.tags.map(({ name }) => <option key={name} value={name} />)}</datalist>
          <datalist id={`${id}-authors`}>
            {authors?.users.nodes.map((user) => user && <option key={user.id} value={user.username}>{user.displayName}</option>)}
          </datalist>
          <button type="submit">{t.search.apply}</button>
        </form>
      </details>
      <FilterChips query={query} chosen={chosen} />
    </>
  );
}

const given = (value: string | undefined): string[] => (value ? [value] : []);

// The names to choose from, with the chosen one even if no public document has it.
function namesOf(list: readonly { name: string }[] | undefined, chosen: string | undefined): string[] {
  return [...new Set([...(list ?? []).map(({ name }) => name), ...given(chosen)])];
}
