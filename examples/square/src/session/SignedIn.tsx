import { useEffect, type ReactNode } from 'react';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { useSession } from './session';

// What only somebody who is signed in can do. Others are asked to sign in, and then come back here.
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  useEffect(() => {
    if (!session) navigate(paths.signIn(location.pathname + location.search), { replace: true });
  }, [session]);
  return session ? children : null;
}
