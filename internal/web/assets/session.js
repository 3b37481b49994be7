// Who is signed in on this page, as {token, username, displayName, role}, or null. In development all tabs of the browser share the
// session; otherwise it lives as long as the tab.
import { send } from './client.js';
import { settings } from './settings.js';

const storageKey = 'docsquare:session';
const kept = settings.development ? localStorage : sessionStorage;
const listeners = [];
const tokens = new Set(); // every token of this page's life, to tell our headers from the visitor's own
let current = null;

const loginMutation = `mutation ($input: LoginInput!) {
  login(input: $input) { user { username displayName role } token expiresAt }
}`;

set(JSON.parse(kept.getItem(storageKey)));

// Another tab has signed in or out.
window.addEventListener('storage', ({ storageArea, key, newValue }) => {
  if (storageArea === kept && key === storageKey) change(JSON.parse(newValue));
});

// Calls back now and after every change.
export function onSession(listener) {
  listeners.push(listener);
  listener(current);
}

// Signs in, or throws an error with the message of the server.
export async function signIn(username, password) {
  const { data, errors } = await send({ query: loginMutation, variables: { input: { username, password } } });
  if (!data?.login) {
    throw new Error(errors?.map((e) => e.message).join('\n') || 'The server gave no session.');
  }
  const { token, user } = data.login;
  set({ token, ...user });
}

// Signs out here at once, and on the server if it can be reached.
export function signOut() {
  const headers = withAuthorization(new Headers());
  set(null);
  return send({ query: 'mutation { logout { loggedOut } }' }, headers);
}

// The token of the session, empty for a guest.
export const tokenOf = () => current?.token ?? '';

// Adds the session to the headers of a request. Another Authorization, one that the visitor wrote, is left alone.
export function withAuthorization(headers) {
  if (isOurs(headers.get('Authorization'))) {
    headers.delete('Authorization');
    if (current) headers.set('Authorization', `Bearer ${current.token}`);
  }
  return headers;
}

// Does the same to the text of a headers editor. A text that is no JSON object is being written just now: it stays.
export function withAuthorizationText(text) {
  let headers;
  try {
    headers = JSON.parse(text.trim() || '{}');
  } catch {
    return text;
  }
  if (!headers || typeof headers !== 'object') return text;
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'authorization') ?? 'Authorization';
  const wanted = current ? `Bearer ${current.token}` : undefined;
  if (!isOurs(headers[name]) || headers[name] === wanted) return text;
  headers[name] = wanted;
  const left = Object.values(headers).some((value) => value !== undefined);
  return left ? JSON.stringify(headers, null, 2) : '';
}

// Takes the token out of a text that is to be kept.
export function withoutToken(text) {
  return current ? text.replaceAll(current.token, '') : text;
}

// Forgets a session that the server no longer knows. Only an error without a path speaks of the request itself: one with
// a path may be about the password of a login that was just tried.
export function noticeEnd({ errors }, headers) {
  if (errors?.some((e) => !e.path && e.extensions?.code === 'UNAUTHENTICATED')) forget(headers);
}

// Forgets the session that a refused request came with, unless it is another by now. Says whether there was one.
export function forget(headers) {
  const ours = Boolean(current) && headers.get('Authorization') === `Bearer ${current.token}`;
  if (ours) set(null);
  return ours;
}

function isOurs(authorization) {
  const token = (authorization ?? '').replace(/^Bearer\s*/, '');
  return token === '' || tokens.has(token);
}

function set(session) {
  if (session) kept.setItem(storageKey, JSON.stringify(session));
  else kept.removeItem(storageKey);
  change(session);
}

function change(session) {
  current = session;
  if (session) tokens.add(session.token);
  listeners.forEach((listener) => listener(current));
}
