// Who is signed in, in the bar of each page, and the dialog for it.
import { onSession, signIn, signOut } from './session.js';
import { settings } from './settings.js';

const byId = (id) => document.getElementById(id);

onSession((session) => {
  byId('who').textContent = session ? session.displayName || session.username : '';
  byId('who').title = session ? `Signed in as ${session.username}` : '';
  byId('sign-in').hidden = Boolean(session);
  byId('sign-out').hidden = !session;
});

const dialog = byId('sign-in-dialog');
const form = dialog.querySelector('form');
const error = byId('sign-in-error');

byId('sign-out').addEventListener('click', signOut);
byId('sign-in-cancel').addEventListener('click', () => dialog.close());
byId('sign-in').addEventListener('click', askToSignIn);

// Opens the dialog, with the demo account where there is one.
export function askToSignIn() {
  form.username.value ||= settings.demoUsername;
  form.password.value ||= settings.demoPassword;
  byId('sign-in-hint').hidden = !settings.demoUsername;
  error.hidden = true;
  dialog.showModal();
  form.querySelector('[type=submit]').focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('[type=submit]');
  button.disabled = true;
  error.hidden = true;
  try {
    await signIn(form.username.value, form.password.value);
    dialog.close();
  } catch (e) {
    error.textContent = e.message;
    error.hidden = false;
  } finally {
    button.disabled = false;
  }
});
