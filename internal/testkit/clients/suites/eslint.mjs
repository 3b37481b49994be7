// The schema by the rules of graphql-eslint, and that tools which read the file see what tools which ask the server see.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../lib/build.mjs';
import { building } from '../lib/checks.mjs';
import { ask } from '../lib/server.mjs';

export const declared = 2;

export async function run(check) {
  await check('the schema has no findings', async () => {
    await schema();
    const eslint = new ESLint({ cwd: fileURLToPath(new URL('..', import.meta.url)), ignorePatterns: ['!generated/'] });
    const [{ messages }] = await eslint.lintFiles('generated/schema.graphql');
    // No field has an ErrorCode: it describes extensions.code of errors. The rule has no exceptions.
    const unexpected = messages.filter(({ ruleId, message }) => !(ruleId === '@graphql-eslint/no-unreachable-types' && message.includes('`ErrorCode`')));
    const findings = unexpected.map(({ line, ruleId, message }) => `line ${line}: ${message} (${ruleId})`);
    if (findings.length) throw new Error(findings.join('\n'));
  }, building);
  await check('the SDL and introspection tell of the same schema', async () => {
    const introspection = await ask(getIntrospectionQuery({ schemaDescription: true, specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true }));
    const asked = linesOf(buildClientSchema(introspection));
    const written = linesOf(buildSchema(await schema())).map((line) => line.replace(' @oneOf {', ' {')); // gqlgen's introspection does not know isOneOf
    const difference = {
      'only in introspection': asked.filter((line) => !written.includes(line)),
      'only in the SDL': written.filter((line) => !asked.includes(line)),
    };
    assert.deepEqual(difference, { 'only in introspection': [], 'only in the SDL': [] });
  });
}

const linesOf = (schema) => printSchema(lexicographicSortSchema(schema)).split('\n');
