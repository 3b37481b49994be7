import styles from './App.module.css';
import { t } from './i18n';
import { Link } from './routing/Link';
import { useLocation } from './routing/location';
import { paths } from './routing/paths';
import { SearchBox } from './search/SearchBox';
import { AccountMenu } from './session/AccountMenu';
import { useSession } from './session/session';

export function Header() {
  const session = useSession();
  const { pathname, search, searchParams } = useLocation();
  const query = pathname === '/search' ? searchParams.get('q') ?? '' : '';
  const away = pathname.startsWith('/sign-') ? searchParams.get('next') ?? undefined : pathname + search;
  return (
    <header className={styles.header}>
      <Link href={paths.square()} className={styles.brand}><img src="/icon.svg" alt="" width="28" height="28" />Square</Link>
      <SearchBox key={query} query={query} />
      <nav className={styles.nav} aria-label={t.account.nav}>
        {session ? (
          <>
            <Link href={paths.desk()}>{t.account.write}</Link>
            <Link href={paths.upload()}>{t.account.upload}</Link>
            <AccountMenu session={session} />
          </>
        ) : (
          <>
            <Link href={paths.signIn(away)}>{t.signing.in}</Link>
            <Link href={paths.signUp(away)}>{t.signing.up}</Link>
          </>
        )}
      </nav>
    </header>
  );
}
