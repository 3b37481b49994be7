import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import styles from './ui.module.css';

interface Props {
  label?: string; // of a button whose text does not name it
  button: ReactNode;
  side?: 'left' | 'right'; // the edge of the button that the list is aligned with
  children: ReactNode; // list items
}

// A button that shows a list of links and buttons. Escape, a choice, and a press elsewhere hide it.
export function Menu({ label, button, side = 'left', children }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const leave = ({ target }: Event) => frame.current?.contains(target as Node) || setOpen(false);
    for (const kind of ['pointerdown', 'focusin']) document.addEventListener(kind, leave);
    return () => {
      for (const kind of ['pointerdown', 'focusin']) document.removeEventListener(kind, leave);
    };
  }, [open]);

  function press({ key }: KeyboardEvent) {
    if (key !== 'Escape' || !open) return;
    setOpen(false);
    opener.current?.focus();
  }

  return (
    <div ref={frame} className={styles.menu} onKeyDown={press}>
      <button ref={opener} type="button" aria-label={label} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>{button}</button>
      <ul id={id} data-side={side} hidden={!open} onClick={() => setOpen(false)}>{children}</ul>
    </div>
  );
}
