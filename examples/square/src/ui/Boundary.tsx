import { Component, type ReactNode } from 'react';
import { t } from '../i18n';
import styles from './ui.module.css';

interface State {
  readonly failed: boolean;
}

// Keeps an error of one page from taking the whole away, such as a part of the program that could not be loaded.
export class Boundary extends Component<{ children: ReactNode }, State> {
  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override state: State = { failed: false };

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className={styles.problem} role="alert">
        <p>{t.page.failed}</p>
        <button type="button" onClick={() => location.reload()}>{t.page.reload}</button>
      </div>
    );
  }
}
