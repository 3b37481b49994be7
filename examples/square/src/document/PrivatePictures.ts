// The pictures of a private text. Each is fetched once, with the token.
import { blank, fetchFile } from '../files/fetchFile';

export class PrivatePictures {
  readonly #stop = new AbortController();
  readonly #addresses = new Map<string, Promise<string>>(); // by path

  // Shows the pictures of an element that are blank, as prepareHtml makes them.
  show(element: HTMLElement): void {
    for (const image of element.querySelectorAll<HTMLImageElement>('img[data-file]')) {
      if (image.getAttribute('src') !== blank) continue;
      this.#fetch(image.dataset['file'] ?? '').then(
        (address) => (image.src = address),
        () => this.#stop.signal.aborted || image.removeAttribute('src'), // its description is shown instead
      );
    }
  }

  // The text is gone.
  dispose(): void {
    this.#stop.abort();
    for (const address of this.#addresses.values()) address.then(URL.revokeObjectURL, () => undefined);
  }

  #fetch(path: string): Promise<string> {
    const known = this.#addresses.get(path);
    if (known) return known;
    const address = fetchFile(path, this.#stop.signal);
    this.#addresses.set(path, address);
    address.catch(() => this.#addresses.delete(path)); // the next one tries again
    return address;
  }
}
