import type { ReactNode } from 'react';
import styles from './ui.module.css';

// A place where something could be, and is not.
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.nothing}>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </div>
  );
}
