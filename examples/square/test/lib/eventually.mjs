import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

// Waits until read returns what is wanted; the failure shows what it returned instead.
export async function eventually(read, wanted, patience = 10_000) {
  const end = performance.now() + patience;
  for (;;) {
    const found = await read();
    try {
      return assert.deepEqual(found, wanted);
    } catch (difference) {
      if (performance.now() > end) throw difference;
    }
    await pause(50);
  }
}
