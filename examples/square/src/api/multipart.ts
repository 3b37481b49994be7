// Sends a mutation with a file, by the GraphQL multipart request specification. XMLHttpRequest reports the progress of what it
// sends, which fetch does not.
import { ApolloLink } from '@apollo/client';
import { print } from 'graphql';
import { Observable } from 'rxjs';

// What a mutation with a file may have in its context.
export interface UploadContext {
  readonly onProgress?: (part: number) => void; // 0 to 1
}

export const hasFile = ({ variables }: ApolloLink.Operation): boolean => variables['input']?.file instanceof File;

export function multipartLink(uri: string): ApolloLink {
  return new ApolloLink((operation) => new Observable((observer) => {
    const { headers = {}, onProgress } = operation.getContext() as UploadContext & { headers?: Record<string, string> };
    const request = new XMLHttpRequest();
    request.open('POST', uri);
    request.setRequestHeader('Accept', 'application/graphql-response+json, application/json');
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded / total);
    request.onerror = () => observer.error(new TypeError('no answer'));
    request.onload = () => {
      try {
        operation.setContext({ response: responseOf(request) });
        observer.next(JSON.parse(request.responseText) as ApolloLink.Result);
        observer.complete();
      } catch (error) {
        observer.error(error);
      }
    };
    request.send(formOf(operation));
    return () => request.abort();
  }));
}

function formOf({ operationName, query, variables, extensions, getContext }: ApolloLink.Operation): FormData {
  const { includeQuery = true } = (getContext()['http'] ?? {}) as { includeQuery?: boolean };
  const { file, ...input } = variables['input'] as { file: File };
  const operations = { operationName, extensions, variables: { ...variables, input: { ...input, file: null } } };
  const form = new FormData();
  form.append('operations', JSON.stringify(includeQuery ? { ...operations, query: print(query) } : operations));
  form.append('map', JSON.stringify({ 0: ['variables.input.file'] }));
  form.append('0', file, file.name);
  return form;
}

function responseOf(request: XMLHttpRequest): Response {
  const lines = request.getAllResponseHeaders().trim().split('\r\n').filter(Boolean);
  const headers = lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  return new Response(null, { status: request.status, headers });
}
