import { failureOf } from '../api/failure';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { useSession } from '../session/session';
import { count as shown } from '../ui/count';
import styles from './document.module.css';

interface Props {
  sign: string;
  label: string;
  pressed: boolean;
  count: number;
  error: unknown;
  onToggle: () => Promise<unknown>;
}

// Something that a viewer has done, or not. A guest is asked to sign in first.
export function Toggle({ sign, label, pressed, count, error, onToggle }: Props) {
  const session = useSession();

  function press() {
    if (!session) return navigate(paths.signIn(location.pathname));
    onToggle().catch(() => undefined); // the error is shown below
  }

  return (
    <>
      <button type="button" className={styles.toggle} aria-pressed={pressed} onClick={press}>
        <span aria-hidden="true">{sign}</span>{label}<span className={styles.number}>{shown(count)}</span>
      </button>
      {error !== undefined && <p className={styles.wrong} role="alert">{failureOf(error).message}</p>}
    </>
  );
}
