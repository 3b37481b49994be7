// Answers as plain JSON. With this media type an unknown name of an operation has the status 200, and is no failed request.
import { ApolloLink, HttpLink, ServerError } from '@apollo/client';
import { catchError, of, throwError } from 'rxjs';

export function plainJsonLink(uri: string): ApolloLink {
  return ApolloLink.from([refusals, new HttpLink({ uri, headers: { accept: 'application/json' } })]);
}

// What is refused with another status, such as 401 and 429, has its errors in the body all the same.
const refusals = new ApolloLink((operation, forward) =>
  forward(operation).pipe(catchError((error: unknown) => {
    const result = resultOf(error);
    return result ? of(result) : throwError(() => error);
  })));

function resultOf(error: unknown): ApolloLink.Result | undefined {
  if (!ServerError.is(error)) return undefined;
  try {
    const result = JSON.parse(error.bodyText) as ApolloLink.Result;
    return result.errors ? result : undefined;
  } catch {
    return undefined; // a proxy has answered, say
  }
}
