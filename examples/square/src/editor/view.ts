// What of a text its editor shows. The address has it.
const views = ['text', 'both', 'preview'] as const;

export type View = (typeof views)[number];

export const viewOf = (name: string | null): View => views.find((view) => view === name) ?? 'text';
