// The language of the user interface: the visitor's choice, or the first language of the browser that there are words in.
import { useSyncExternalStore } from 'react';

export const languages = { en: { tag: 'en', name: 'English' }, zh: { tag: 'zh-Hans', name: '中文' } } as const;

export type Language = keyof typeof languages;

const storageKey = 'square:language';
const listeners = new Set<() => void>();
let current: Language = named(localStorage.getItem(storageKey)) ?? navigator.languages.map(named).find(Boolean) ?? 'en';
show();

window.addEventListener('storage', ({ key, newValue }) => {
  if (key === storageKey) change(named(newValue)); // another tab has chosen
});

export const currentLanguage = (): Language => current;

export const useLanguage = (): Language => useSyncExternalStore(onLanguage, currentLanguage);

export function chooseLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
  change(language);
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(language: Language | undefined): void {
  if (!language || language === current) return;
  current = language;
  show();
  for (const listener of listeners) listener();
}

function show(): void {
  document.documentElement.lang = languages[current].tag;
}

// The language of a tag such as "zh-CN".
function named(tag: string | null): Language | undefined {
  const name = tag?.toLowerCase().split('-', 1)[0] ?? '';
  return Object.hasOwn(languages, name) ? (name as Language) : undefined;
}
