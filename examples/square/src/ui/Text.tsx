import type { ReactNode } from 'react';
import { languageOf } from './language';

// A text that somebody wrote, in whatever language.
export function Text({ of, children = of }: { of: string; children?: ReactNode }) {
  return <span lang={languageOf(of)}>{children}</span>;
}
