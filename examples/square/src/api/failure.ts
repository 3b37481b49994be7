// What a failed request means to the person before the screen.
import { CombinedGraphQLErrors } from '@apollo/client';
import { t } from '../i18n';

export interface Failure {
  readonly message: string;
  readonly code?: string;
  readonly field?: string; // the input field that is to blame
  readonly details: Readonly<Record<string, unknown>>;
}

// There was no answer, or none of the API: a proxy, say, that does not reach it.
export const UNREACHABLE = 'UNREACHABLE';

export function failureOf(error: unknown): Failure {
  const first = CombinedGraphQLErrors.is(error) ? error.errors[0] : undefined;
  if (!first) return { message: t.failure.unreachable, code: UNREACHABLE, details: {} };
  const { code, field, retryAfter, ...details } = first.extensions ?? {};
  const message = typeof retryAfter === 'number' ? `${sentence(first.message)} ${t.failure.retryAfter(Math.ceil(retryAfter))}` : first.message;
  return { message: sentence(message), code: text(code), field: text(field), details };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

// The server speaks in lower case and without a full stop.
function sentence(message: string): string {
  const end = /[.!?…。]$/.test(message) ? '' : '.';
  return message.charAt(0).toUpperCase() + message.slice(1) + end;
}
