// Lets the height of a panel be changed at its upper edge, and remembers it.
const storageKey = 'docsquare:explain-height';
const least = 90; // px, of the panel and of what is above it
const step = 24; // px for an arrow key

// Returns the handle to put at the upper edge of the panel. A double click goes back to the height of the style sheet.
export function resizable(panel) {
  const handle = document.createElement('div');
  Object.assign(handle, { className: 'explain-handle', role: 'separator', tabIndex: 0 });
  Object.assign(handle, { ariaLabel: 'Height of the explain panel', ariaOrientation: 'horizontal', ariaValueMin: least, ariaValueMax: 2000 });
  setHeight(Number(localStorage.getItem(storageKey)));

  function setHeight(height) {
    panel.style.height = height ? `${height}px` : '';
    handle.ariaValueNow = height || 320;
  }

  function change(height) {
    const most = panel.closest('.graphiql-response').clientHeight - least;
    const fit = Math.round(Math.max(least, Math.min(most, height)));
    setHeight(fit);
    localStorage.setItem(storageKey, fit);
  }

  handle.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    change(panel.getBoundingClientRect().bottom - event.clientY);
  });
  handle.addEventListener('keydown', (event) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    change(panel.offsetHeight + direction * step);
  });
  handle.addEventListener('dblclick', () => {
    localStorage.removeItem(storageKey);
    setHeight(0);
  });
  return handle;
}
