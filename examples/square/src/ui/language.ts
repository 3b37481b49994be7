// The language of a text as far as its letters tell. It chooses the shapes of ideographs and where lines may break.
export function languageOf(text: string): string {
  if (/\p{Script=Hiragana}|\p{Script=Katakana}/u.test(text)) return 'ja';
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  return /\p{Script=Han}/u.test(text) ? 'zh-Hans' : 'en';
}
