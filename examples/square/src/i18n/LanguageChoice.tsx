import { t } from '.';
import { chooseLanguage, languages, useLanguage, type Language } from './language';

// Chooses the language of the user interface. Each name is in its own language.
export function LanguageChoice({ className }: { className?: string }) {
  const current = useLanguage();
  return (
    <div className={className} role="group" aria-label={t.page.language}>
      {(Object.keys(languages) as Language[]).map((language) => (
        <button
          key={language}
          type="button"
          className="link"
          lang={languages[language].tag}
          aria-pressed={language === current}
          onClick={() => chooseLanguage(language)}
        >
          {languages[language].name}
        </button>
      ))}
    </div>
  );
}
