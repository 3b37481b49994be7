// The events of a stream, up to its end or to where the connection breaks. EventSource would read them too, but it can
// send neither an operation nor a session.
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop(); // not complete yet
    for (const block of blocks) yield readEvent(block);
  }
}

// An event is lines of "field: value"; a line that begins with a colon only shows that the server is there.
function readEvent(block) {
  const fields = { event: 'message', data: '' };
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') fields.event = value;
    if (field === 'data') fields.data += fields.data ? `\n${value}` : value;
  }
  return fields;
}
