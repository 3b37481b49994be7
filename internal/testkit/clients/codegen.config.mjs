// Types and the manifest of the sample app, by the client preset. A document is known by the SHA-256 of its text.
export default {
  schema: 'generated/schema.graphql',
  documents: 'app/codegen/*.ts',
  generates: {
    'generated/codegen/': {
      preset: 'client',
      presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: {
        scalars: { Date: 'string', DateTime: 'string', Int64: 'number', Upload: 'File' },
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
      },
    },
  },
};
