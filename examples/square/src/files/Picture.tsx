import type { ComponentProps } from 'react';
import { pathOf, useAddress } from './fetchFile';

type Props = Omit<ComponentProps<'img'>, 'src'> & { url: string; alt: string; isPrivate?: boolean };

// A picture of the server, also one that only the viewer may see.
export function Picture({ url, alt, isPrivate = false, ...image }: Props) {
  return <img {...image} alt={alt} src={useAddress(pathOf(url), isPrivate)} decoding="async" />;
}
