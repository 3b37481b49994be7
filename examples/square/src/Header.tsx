import styles from './App.module.css';
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
      <nav className={styles.nav} aria-label="Account">
        {session ? (
          <>
            <Link href={paths.desk()}>Write</Link>
            <Link href={paths.upload()}>Upload</Link>
            <AccountMenu session={session} />
          </>
        ) : (
          <>
            <Link href={paths.signIn(away)}>Sign in</Link>
            <Link href={paths.signUp(away)}>Sign up</Link>
          </>
        )}
      </nav>
    </header>
  );
}
