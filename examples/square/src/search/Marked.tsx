import { Text } from '../ui/Text';

// A snippet of the server, which is text with <mark>. Whatever else it held would be shown as its text.
export function Marked({ html }: { html: string }) {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const parts = [...body.childNodes].map((node, index) => {
    const text = node.textContent ?? '';
    return node.nodeName === 'MARK' ? <mark key={index}>{text}</mark> : text;
  });
  return <Text of={body.textContent ?? ''}>{parts}</Text>;
}
