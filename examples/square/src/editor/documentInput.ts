import type { Failure } from '../api/failure';
import type { DocumentVisibility } from '../gql/graphql';
import type { Version } from './autosave';

export interface Fields {
  readonly visibility: DocumentVisibility;
  readonly summary?: string | null;
  readonly category?: string | null;
  readonly tags: string[];
}

// The fields that show what the server says about them.
export const documentFields = ['summary', 'category', 'tags'];

// What the fields of a document say. An empty summary clears the one that the document has; a new document gets the start of its text.
export function fieldsOf(form: FormData, start?: Fields | null): Fields {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return {
    visibility: text('visibility') as DocumentVisibility,
    summary: text('summary') || (start ? null : undefined),
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
