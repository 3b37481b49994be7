// Shows HTML in an element. What is the same as before at the beginning and the end stays, with its pictures and its focus, so
// that nothing flickers while a text is written. Pass what the last call has returned.
export function showBlocks(element: HTMLElement, shown: readonly string[], html: string): readonly string[] {
  const template = document.createElement('template');
  template.innerHTML = html;
  const nodes = [...template.content.childNodes];
  const next = nodes.map(sourceOf);
  const first = commonLength(shown, next);
  const last = Math.min(commonLength(shown.toReversed(), next.toReversed()), shown.length - first, next.length - first);
  const old = [...element.childNodes].slice(first, shown.length - last);
  const behind = element.childNodes[shown.length - last] ?? null;
  old.forEach((node) => node.remove());
  nodes.slice(first, next.length - last).forEach((node) => element.insertBefore(node, behind));
  return next;
}

const sourceOf = (node: ChildNode): string => (node instanceof Element ? node.outerHTML : (node.textContent ?? ''));

// How many items both lists begin with.
function commonLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((item, index) => item !== b[index]);
  return differs < 0 ? a.length : differs;
}
