// Copies a text, and shows on the button for two seconds whether that worked.
export async function copy(text, button) {
  const label = (button.dataset.label ??= button.textContent);
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  button.textContent = copied ? 'Copied' : 'Copying not allowed';
  setTimeout(() => (button.textContent = label), 2000);
}

// Returns an operation as a command for a POSIX shell.
export function shellCommand(endpoint, operation, headers) {
  const all = { 'Content-Type': 'application/json', ...headers };
  const parts = Object.entries(all).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ['curl', quoted(new URL(endpoint, location.href).href), ...parts, '--data-raw', quoted(JSON.stringify(operation))].join(' ');
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
