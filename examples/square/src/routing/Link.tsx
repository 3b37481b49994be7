import type { ComponentProps, MouseEvent } from 'react';
import { navigate } from './location';

// A link within the square. With a modifier key it does what a link of the browser does.
export function Link({ href, onClick, ...others }: ComponentProps<'a'> & { href: string }) {
  function follow(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain) return;
    event.preventDefault();
    navigate(href);
  }
  return <a {...others} href={href} onClick={follow} />;
}
