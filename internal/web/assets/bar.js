// The tools of the Playground in its bar: the examples and the switch of the explain panel.
import { settings } from './settings.js';
import './sign-in.js';

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
