// Sends the operations of the app by their identifiers: the app holds no text of them.
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';

// How an identifier is sent.
export type Form = (id: string) => Record<string, unknown>;

// By the appendix on persisted documents of GraphQL over HTTP.
export const documentId: Form = (id) => ({ documentId: id });

// By the appendix, too, as the SHA-256 that the identifier is.
export const prefixedDocumentId: Form = (id) => ({ documentId: `sha256:${id}` });

// By Apollo's extension.
export const persistedQuery: Form = (id) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } });

export type Operation<Result, Variables> = DocumentTypeDecoration<Result, Variables> & { __meta__?: Record<string, unknown> };

interface Answer<Result> {
  data?: Result;
  errors?: { message: string }[];
}

export class Client {
  token?: string;

  constructor(private readonly url: string, private readonly form: Form) {}

  // The result of a query or a mutation.
  async execute<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables): Promise<Result> {
    const response = await this.post(operation, variables, 'application/graphql-response+json');
    return resultOf<Result>(await response.text());
  }

  // The first event of a subscription.
  async first<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables): Promise<Result> {
    const response = await this.post(operation, variables, 'text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      text += value ?? '';
      const event = /^data: (.*)$/m.exec(text)?.[1] ?? (done ? text : undefined);
      if (event === undefined) continue;
      await reader.cancel();
      return resultOf<Result>(event);
    }
  }

  private post<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables, accept: string) {
    const body = { ...this.form(String(operation.__meta__?.hash)), variables };
    return fetch(this.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: accept,
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify(body),
    });
  }
}

function resultOf<Result>(text: string): Result {
  const { data, errors } = JSON.parse(text) as Answer<Result>;
  if (errors || !data) throw new Error(text);
  return data;
}
