import { ApolloProvider } from '@apollo/client/react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useCurrentClient } from './api/current';
import styles from './App.module.css';
import { Header } from './Header';
import { useLocation } from './routing/location';
import { restorePlace } from './routing/place';
import { Routes } from './routing/Routes';

export function App() {
  const client = useCurrentClient();
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
      <a className={styles.skip} href="#main">Skip to the content</a>
      <Header />
      <main id="main" className={styles.main} ref={main} tabIndex={-1}>
        <Routes />
      </main>
    </ApolloProvider>
  );
}
