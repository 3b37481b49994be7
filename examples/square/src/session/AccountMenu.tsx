import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Menu } from '../ui/Menu';
import { Text } from '../ui/Text';
import type { Session } from './session';
import styles from './session.module.css';
import { SignOut } from './SignOut';

// The pages of the viewer's own account.
export function AccountMenu({ session }: { session: Session }) {
  const initial = [...session.displayName][0]?.toUpperCase();
  const button = (
    <>
      <span className={styles.initial} aria-hidden="true">{initial}</span>
      <span className={styles.who}><Text of={session.displayName} /></span>
      <span className="unseen">{t.account.menu}</span>
    </>
  );
  return (
    <Menu button={button} side="right">
      <li><Link href={paths.author(session.username)}>{t.account.page}</Link></li>
      <li><Link href={paths.desk()}>{t.account.desk}</Link></li>
      <li><Link href={paths.library()}>{t.account.library}</Link></li>
      <li><Link href={paths.settings()}>{t.account.settings}</Link></li>
      <li><SignOut session={session} /></li>
    </Menu>
  );
}
