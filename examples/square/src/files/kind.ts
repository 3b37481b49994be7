import { t } from '../i18n';

// What a reader calls a media type.
export function kindOf(contentType: string): string {
  const types: Readonly<Record<string, string>> = t.files.types;
  return types[contentType] ?? t.files.otherType;
}
