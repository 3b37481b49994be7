// The tools of the Playground in its bar: examples, explain, the bypass of the cache, and copies.
import { copy } from './copy.js';
import { element } from './element.js';
import { onSession, tokenOf } from './session.js';
import { settings } from './settings.js';
import './sign-in.js';

const byId = (id) => document.getElementById(id);
const menu = byId('examples-menu');
let privileged = settings.development; // whether the server explains operations of this viewer

// Whether answers shall explain themselves.
export const explainWanted = () => privileged && byId('explain-wanted').checked;

// Whether the next operation bypasses the cache. The switch is for one operation.
export function takeBypass() {
  const wanted = privileged && byId('bypass-wanted').checked;
  byId('bypass-wanted').checked = false;
  return wanted;
}

onSession((session) => {
  privileged = settings.development || session?.role === 'ADMIN';
  for (const tool of document.querySelectorAll('.bar-diagnosis')) tool.hidden = !privileged;
  byId('copy-token').hidden = !session;
});

byId('copy-token').addEventListener('click', ({ target }) => copy(tokenOf(), target));
byId('examples').addEventListener('click', showExamples);
byId('examples-close').addEventListener('click', () => menu.close());
menu.addEventListener('click', ({ target }) => target === menu && menu.close());

// Opens the list of examples.
export function showExamples() {
  menu.showModal();
}

// Fills the list of examples and calls back with the one that is chosen.
export function onExample(open) {
  const groups = Map.groupBy(settings.examples, ({ group }) => group);
  for (const [name, examples] of groups) {
    const items = examples.map((example) => {
      const choose = element('button', { type: 'button' }, element('strong', {}, example.name), element('span', {}, example.about));
      choose.addEventListener('click', () => {
        menu.close();
        open(example);
      });
      return element('li', {}, choose);
    });
    byId('examples-list').append(element('h3', {}, name), element('ul', {}, ...items));
  }
}

// Calls back when the operation of the open tab is to be copied as a command.
export function onCopyCommand(text) {
  byId('copy-curl').addEventListener('click', ({ target }) => copy(text(), target));
}
