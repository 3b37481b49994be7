// Opening an account, and signing in.
import { graphql } from '../../generated/codegen';
import type { Client } from './client';

const register = graphql(/* GraphQL */ `
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      token
      user { id username }
    }
  }
`);

const login = graphql(/* GraphQL */ `
  mutation Login($username: String!, $password: String!) {
    login(input: { username: $username, password: $password }) {
      token
      expiresAt
      user { id displayName }
    }
  }
`);

// The name of the new account.
export async function openAccount(client: Client, username: string, password: string): Promise<string> {
  const input = { username, password, email: `${username}@example.org`, displayName: 'A client' };
  return (await client.execute(register, { input })).register.user.username;
}

// Signs the client in; the shown name of who it is now.
export async function signIn(client: Client, username: string, password: string): Promise<string> {
  const { token, user } = (await client.execute(login, { username, password })).login;
  client.token = token;
  return user.displayName;
}
