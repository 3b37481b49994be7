// Prints a line for each check. Each goes on where the one before has left the windows, so the first that fails is the last.
import { stripVTControlCharacters } from 'node:util';

export class Failed extends Error {}

export function newChecks() {
  const tally = { passed: 0, failed: 0 };

  async function check(name, run) {
    const start = performance.now();
    try {
      await run();
    } catch (error) {
      tally.failed++;
      console.log(`FAIL  ${name}\n${stripVTControlCharacters(String(error?.message ?? error)).trimEnd().replace(/^/gm, '        ')}`);
      throw new Failed(name);
    }
    tally.passed++;
    console.log(`ok    ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  }
  return { check, tally };
}
