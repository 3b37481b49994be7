// Numbers, as the language of the user interface writes them.
import { currentLanguage, type Language } from '../i18n/language';

const formats: Readonly<Record<Language, { exact: Intl.NumberFormat; compact: Intl.NumberFormat }>> = { en: formatsOf('en'), zh: formatsOf('zh-CN') };
const units = ['B', 'KiB', 'MiB', 'GiB'];

function formatsOf(locale: string) {
  return { exact: new Intl.NumberFormat(locale), compact: new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }) };
}

// A number as it is shown: 1,234 in full, 12,345 as 12.3K.
export function count(value: number): string {
  const { exact, compact } = formats[currentLanguage()];
  return (value < 10_000 ? exact : compact).format(value);
}

export function bytes(size: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(size, 1)) / 10));
  const value = size / 1024 ** power;
  return `${value.toFixed(power > 0 && value < 100 ? 1 : 0)} ${units[power]}`;
}
