// Runs the checks of one suite and prints a line for each.
// Milliseconds for one check: the longest waits 10 s for the server, and tools may have to share the processor.
const patience = 20_000;
export const building = 180_000;

// The checks of a suite: check(name, run) awaits run and tells whether it has thrown.
export function checksOf(suite) {
  const tally = { ran: 0, failed: 0 };
  async function check(name, run, ms = patience) {
    tally.ran++;
    try {
      await within(ms, run());
      console.log(`ok    ${suite}: ${name}`);
    } catch (error) {
      tally.failed++;
      console.log(`FAIL  ${suite}: ${name}\n${indented(error)}`);
    }
  }
  return { check, tally };
}

async function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing has come within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function indented(error) {
  return String(error?.message ?? error).trimEnd().replace(/^/gm, '        ');
}
