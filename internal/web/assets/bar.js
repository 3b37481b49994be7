// The bar above GraphiQL: examples, the switch of the explain panel, and who is signed in.
import { settings } from './settings.js';
import { onSession, signIn, signOut } from './session.js';

const byId = (id) => document.getElementById(id);

// Whether answers shall explain themselves.
export const explainWanted = () => byId('explain-wanted').checked;

// Fills the menu of examples and calls back with the one that is chosen.
export function onExample(open) {
  const menu = byId('examples');
  settings.examples.forEach((example, index) => menu.add(new Option(example.name, index)));
  menu.addEventListener('change', () => {
    open(settings.examples[menu.value]);
    menu.value = ''; // so that the same example can be chosen again
  });
}

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
byId('sign-in').addEventListener('click', () => {
  form.username.value ||= settings.demoUsername;
  form.password.value ||= settings.demoPassword;
  byId('sign-in-hint').hidden = !settings.demoUsername;
  error.hidden = true;
  dialog.showModal();
  form.querySelector('[type=submit]').focus();
});

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
