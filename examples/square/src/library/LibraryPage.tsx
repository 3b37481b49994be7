import type { ReactNode } from 'react';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { DraftList, FavoriteList, LikeList } from './DocumentLists';
import { FileList } from './FileList';
import styles from './library.module.css';

const tabs = {
  favorites: () => <FavoriteList />,
  likes: () => <LikeList />,
  drafts: () => <DraftList />,
  files: () => <FileList />,
} satisfies Record<string, () => ReactNode>;

type Tab = keyof typeof tabs;

const isTab = (name: string): name is Tab => Object.hasOwn(tabs, name);

// What the viewer has kept: favorites, likes, private documents, files. The tab is in the address.
export default function LibraryPage({ tab }: { tab: string }) {
  const shown = isTab(tab) ? tab : 'favorites';
  return (
    <div className={styles.page}>
      <title>{t.page.title(t.library[shown])}</title>
      <h1>{t.library.title}</h1>
      <nav className={styles.tabs} aria-label={t.library.title}>
        {(Object.keys(tabs) as Tab[]).map((name) => (
          <Link key={name} href={paths.library(name)} aria-current={name === shown ? 'page' : undefined}>{t.library[name]}</Link>
        ))}
      </nav>
      <section key={shown} aria-label={t.library[shown]}>{tabs[shown]()}</section>
    </div>
  );
}
