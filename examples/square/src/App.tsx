import { ApolloProvider } from '@apollo/client/react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useCurrentClient } from './api/current';
import styles from './App.module.css';
import { Header } from './Header';
import { t } from './i18n';
import { useLanguage } from './i18n/language';
import { LanguageChoice } from './i18n/LanguageChoice';
import { useLocation } from './routing/location';
import { restorePlace } from './routing/place';
import { Routes } from './routing/Routes';

export function App() {
  const client = useCurrentClient();
  useLanguage(); // all words are rendered again
  const main = useRef<HTMLElement>(null);
  const { pathname, href } = useLocation();
  const shown = useRef(pathname);

  useLayoutEffect(restorePlace, [href]);

  // Another page is announced, and the keyboard goes on from its beginning.
  useEffect(() => {
    if (shown.current !== pathname) main.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname]);

  return (
    <ApolloProvider client={client}>
      <a className={styles.skip} href="#main">{t.page.skip}</a>
      <Header />
      <main id="main" className={styles.main} ref={main} tabIndex={-1}>
        <Routes />
      </main>
      <footer className={styles.footer}><LanguageChoice className={styles.languages} /></footer>
    </ApolloProvider>
  );
}
