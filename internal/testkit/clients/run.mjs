// Runs suites of real clients against a server: `node run.mjs [suite…]`; all of them where none is named.
// `node run.mjs manifest DIR` writes the manifests of the sample apps into DIR, from the SDL file DOCSQUARE_SDL.
import { checksOf, indented } from './lib/checks.mjs';
import { writeManifests } from './lib/build.mjs';
import { cleanUp } from './lib/server.mjs';

const suites = ['audits', 'ws', 'sse', 'apollo', 'urql', 'relay', 'codegen', 'trusted', 'eslint'];

async function main([command, ...rest]) {
  if (command === 'manifest') return writeManifests(rest[0]);
  const named = command ? [command, ...rest] : suites;
  const unknown = named.filter((suite) => !suites.includes(suite));
  if (unknown.length) throw new Error(`there is no suite ${unknown.join(', ')}: there are ${suites.join(', ')}`);
  let failed = 0;
  for (const suite of named) failed += await runSuite(suite);
  return failed ? 1 : 0;
}

// How many checks failed, or did not run though they are declared.
async function runSuite(suite) {
  const start = performance.now();
  const { check, tally } = checksOf(suite);
  const { declared, run } = await import(`./suites/${suite}.mjs`);
  const stopped = await run(check).then(cleanUp).then(() => 0, (error) => {
    console.log(`FAIL  ${suite}: it has stopped\n${indented(error)}`);
    return 1;
  });
  const { ran, failed } = tally;
  if (ran !== declared) console.log(`FAIL  ${suite}: ${ran} checks ran, ${declared} are declared`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${suite}: ${ran - failed} passed, ${failed} failed, ${declared} declared, ${seconds} s`);
  return stopped + failed + Math.abs(declared - ran);
}

// A client that holds a connection must not hold the runner.
main(process.argv.slice(2)).then((code) => process.exit(code), (error) => {
  console.error(error.message);
  process.exit(2);
});
