// The HTML without its first heading where that only repeats the title, which the page shows above it.
export function withoutTitle(html: string, title: string): string {
  const template = document.createElement('template');
  template.innerHTML = html;
  const first = template.content.firstElementChild;
  if (first?.nodeName !== 'H1' || first.textContent?.trim() !== title) return html;
  first.remove();
  return template.innerHTML;
}
