import type { FormEvent, ReactNode } from 'react';
import { failureOf, type Failure } from '../api/failure';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { FormFailure } from '../ui/FormFailure';
import styles from './session.module.css';

interface Props {
  title: string;
  busy: boolean;
  error: unknown;
  other: { href: string; question: string; text: string };
  onSubmit: (values: FormData) => Promise<void>;
  children: (failure: Failure | undefined) => ReactNode;
}

const fields = ['username', 'displayName', 'email', 'password'];

// The frame of both forms. What is about a field stands at the field, everything else below all of them.
export function AccountForm({ title, busy, error, other, onSubmit, children }: Props) {
  const failure = error ? failureOf(error) : undefined;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget)).catch(() => undefined); // the form shows the error
  }

  return (
    <form className={styles.form} onSubmit={submit} method="post">
      <title>{t.page.title(title)}</title>
      <h1>{title}</h1>
      {children(failure)}
      <FormFailure failure={failure} fields={fields} />
      <button type="submit" className="primary" disabled={busy}>{title}</button>
      <p className={styles.other}>{other.question} <Link href={other.href}>{other.text}</Link></p>
    </form>
  );
}
