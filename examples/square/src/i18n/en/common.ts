import { counted } from '../plural';

// Words of all pages.
export const common = {
  page: {
    title: (page: string) => `${page} – Square`,
    skip: 'Skip to the content',
    notFound: 'Page not found',
    checkAddress: 'Check the address.',
    loading: 'the page',
    failed: 'This page has failed.',
    reload: 'Load it again',
    language: 'Language',
  },
  wait: {
    loading: (what: string) => `Loading ${what}`,
    busy: 'Loading …',
    more: 'Load more',
  },
  failure: {
    unreachable: 'The server cannot be reached.',
    tryAgain: 'Try again',
    retryAfter: (seconds: number) => `Try again in ${seconds} s.`,
    status: (status: number) => `The server answered ${status}.`,
  },
  time: { justNow: 'just now' },
  confirm: {
    warning: 'This cannot be undone.',
    keep: 'Keep',
    named: (action: string, of: string) => `${action} ${of}`,
  },
  copy: { copied: 'Copied', failed: 'Not copied', code: 'Copy' },
  format: { MD: 'Markdown', TXT: 'Plain text', PDF: 'PDF', DOCX: 'Word document' },
  visibility: { PUBLIC: 'Public', UNLISTED: 'By link', PRIVATE: 'Private' },
  counts: {
    views: (n: number) => counted(n, 'view'),
    likes: (n: number) => counted(n, 'like'),
    favorites: (n: number) => counted(n, 'favorite'),
    comments: (n: number) => counted(n, 'comment'),
    documents: (n: number) => counted(n, 'document'),
    publicDocuments: (n: number) => counted(n, 'public document'),
    members: (n: number) => counted(n, 'member'),
    statistics: 'Statistics',
  },
  files: {
    types: {
      'application/pdf': 'PDF',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word document',
      'text/markdown': 'Markdown',
      'text/plain': 'Text',
      'image/png': 'PNG picture',
      'image/jpeg': 'JPEG picture',
      'image/gif': 'GIF picture',
      'image/webp': 'WebP picture',
    },
    otherType: 'File',
    description: (size: string, type: string) => `${size}, ${type}`,
    notFetched: 'The file could not be fetched. Try again.',
    tooLarge: (size: string, largest: string) => `The file has ${size}. Choose one of at most ${largest}.`,
    progress: (name: string) => `Progress of ${name}`,
  },
};
