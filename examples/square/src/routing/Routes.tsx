import { lazy, Suspense, type ReactNode } from 'react';
import { AuthorPage } from '../author/AuthorPage';
import { DocumentPage } from '../document/DocumentPage';
import { viewOf } from '../editor/view';
import { t } from '../i18n';
import { SearchPage } from '../search/SearchPage';
import { SignedIn } from '../session/SignedIn';
import { SignInPage } from '../session/SignInPage';
import { SignUpPage } from '../session/SignUpPage';
import { SquarePage } from '../square/SquarePage';
import { Boundary } from '../ui/Boundary';
import { Nothing } from '../ui/Nothing';
import { Waiting } from '../ui/Waiting';
import { useLocation } from './location';

// Only signed-in viewers need these.
const DeskPage = lazy(() => import('../editor/DeskPage'));
const EditorPage = lazy(() => import('../editor/EditorPage'));
const HistoryPage = lazy(() => import('../history/HistoryPage'));
const LibraryPage = lazy(() => import('../library/LibraryPage'));
const SettingsPage = lazy(() => import('../settings/SettingsPage'));
const UploadPage = lazy(() => import('../upload/UploadPage'));

// The page of the address.
export function Routes() {
  const { pathname, searchParams } = useLocation();
  const shown = pageOf(segmentsOf(pathname), searchParams);
  return (
    <Boundary key={pathname}> {/* each address has its own page, with fresh state */}
      <Suspense fallback={<Waiting what={t.page.loading} />}>
        {shown || <><title>{t.page.title(t.page.notFound)}</title><Nothing title={t.page.notFound}>{t.page.checkAddress}</Nothing></>}
      </Suspense>
    </Boundary>
  );
}

function pageOf([page = '', id, part, ...rest]: string[], parameters: URLSearchParams): ReactNode {
  const next = parameters.get('next') ?? undefined;
  if (rest.length > 0) return null;
  if (id && part) { // a document's history, or its title as in Document.url
    if (page !== 'documents') return null;
    if (part !== 'history') return <DocumentPage id={id} />;
    return <SignedIn><HistoryPage id={id} number={Number(parameters.get('revision')) || undefined} /></SignedIn>;
  }
  if (id) {
    switch (page) {
      case 'documents': return <DocumentPage id={id} />;
      case 'u': return <AuthorPage username={id} />;
      case 'desk': return <SignedIn><EditorPage id={id} view={viewOf(parameters.get('view'))} /></SignedIn>;
    }
    return null;
  }
  switch (page) {
    case '': return <SquarePage parameters={parameters} />;
    case 'search': return <SearchPage parameters={parameters} />;
    case 'desk': return <SignedIn><DeskPage /></SignedIn>;
    case 'library': return <SignedIn><LibraryPage tab={parameters.get('tab') ?? ''} /></SignedIn>;
    case 'settings': return <SignedIn><SettingsPage /></SignedIn>;
    case 'upload': return <SignedIn><UploadPage /></SignedIn>;
    case 'sign-in': return <SignInPage next={next} />;
    case 'sign-up': return <SignUpPage next={next} />;
  }
  return null;
}

// The parts of a path; the whole where it is badly encoded.
function segmentsOf(pathname: string): string[] {
  try {
    return pathname.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return [pathname];
  }
}
