// The words of the user interface: t has those of the current language. App renders all again when it changes.
import { en } from './en';
import { currentLanguage, onLanguage, type Language } from './language';
import { zh } from './zh';

const dictionaries: Readonly<Record<Language, typeof en>> = { en, zh };

export let t = dictionaries[currentLanguage()];

onLanguage(() => {
  t = dictionaries[currentLanguage()];
});
