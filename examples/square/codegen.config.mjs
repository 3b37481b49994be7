// Types of the operations in src/ and server/, and the manifest of them all. A document is known by the SHA-256 of its text.
import { addTypenameToDocument } from '@apollo/client/utilities';

// What Apollo Client would add to a document is part of its text.
const asSent = {
  transform: ({ documents }) => documents.map((file) => ({ ...file, document: addTypenameToDocument(file.document) })),
};

export default {
  schema: process.env.SCHEMA ?? '../../graph/schema/*.graphqls',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**', 'server/*.graphql'],
  generates: {
    'src/gql/': {
      preset: 'client',
      documentTransforms: [asSent],
      presetConfig: {
        persistedDocuments: { hashAlgorithm: 'sha256' },
        fragmentMasking: { unmaskFunctionName: 'readFragment' },
      },
      config: {
        scalars: { Date: 'string', DateTime: 'string', Int64: 'number', Upload: 'Blob' },
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
      },
    },
  },
};
