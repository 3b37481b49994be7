import type { Failure } from '../api/failure';
import type { DocumentVisibility } from '../gql/graphql';
import type { Version } from './autosave';

export interface Fields {
  readonly visibility: DocumentVisibility;
  readonly category?: string | null;
  readonly tags: string[];
}

// The fields that show what the server says about them.
export const documentFields = ['category', 'tags'];

// What the fields of a document say.
export function fieldsOf(form: FormData): Fields {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return {
    visibility: text('visibility') as DocumentVisibility,
    category: text('category') || null,
    tags: text('tags').split(/[,，、;；]/).map((tag) => tag.trim()).filter(Boolean),
  };
}

// The document out of a CONFLICT about it: its text as it is by now.
export function documentOf({ code, field, details }: Failure): Version | undefined {
  if (code !== 'CONFLICT' || field !== 'documentRevision') return undefined;
  const { revision, title, body } = details['document'] as { revision: number; title: string; body: string };
  return { revision, title, content: body };
}
