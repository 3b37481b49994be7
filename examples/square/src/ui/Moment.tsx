import { t } from '../i18n';
import { currentLanguage, type Language } from '../i18n/language';

const formats: Readonly<Record<Language, ReturnType<typeof formatsOf>>> = { en: formatsOf('en'), zh: formatsOf('zh-CN') };

function formatsOf(locale: string) {
  return {
    day: new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }),
    exact: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
  };
}

// A moment: how long ago within a day, the date before that.
export function Moment({ at }: { at: string }) {
  const date = new Date(at);
  return <time dateTime={at} title={formats[currentLanguage()].exact.format(date)}>{spoken(date)}</time>;
}

function spoken(date: Date): string {
  const { day, relative } = formats[currentLanguage()];
  const minutes = Math.round((date.getTime() - Date.now()) / 60_000);
  if (minutes > -1) return t.time.justNow;
  if (minutes > -60) return relative.format(minutes, 'minute');
  if (minutes > -24 * 60) return relative.format(Math.round(minutes / 60), 'hour');
  return day.format(date);
}
