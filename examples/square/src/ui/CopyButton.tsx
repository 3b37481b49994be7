import { useState } from 'react';
import { t } from '../i18n';

// Copies a text to the clipboard, and shows for two seconds whether that has worked.
export function CopyButton({ text, children }: { text: string; children: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');

  async function copy() {
    setState(await navigator.clipboard.writeText(text).then(() => 'copied' as const, () => 'failed' as const));
    setTimeout(() => setState('ready'), 2000);
  }

  return <button type="button" className="link" onClick={() => void copy()} aria-live="polite">{state === 'ready' ? children : t.copy[state]}</button>;
}
