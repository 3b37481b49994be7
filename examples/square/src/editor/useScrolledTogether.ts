import { useEffect, type RefObject } from 'react';

// While both are in view, the preview is scrolled as far as the text.
export function useScrolledTogether(box: RefObject<HTMLElement | null>, pane: RefObject<HTMLElement | null>, together: boolean): void {
  useEffect(() => {
    const from = box.current;
    if (!together || !from) return;
    const follow = () => {
      const to = pane.current;
      const part = from.scrollTop / Math.max(1, from.scrollHeight - from.clientHeight);
      if (to) to.scrollTop = part * (to.scrollHeight - to.clientHeight);
    };
    from.addEventListener('scroll', follow, { passive: true });
    return () => from.removeEventListener('scroll', follow);
  }, [box, pane, together]);
}
