// Saves a text while it is written: one save at a time, the next one when the typing pauses.
import { failureOf, type Failure } from '../api/failure';
import { forget, keep, kept } from './kept';

export interface Draft {
  readonly title: string;
  readonly content: string;
}

// A text as the server has it, and its number.
export interface Version extends Draft {
  readonly revision: number;
}

export type SaveState =
  | { readonly kind: 'saved' | 'unsaved' | 'saving' | 'offline' }
  | { readonly kind: 'refused' | 'over'; readonly message: string }
  | { readonly kind: 'conflict'; readonly theirs: Version };

export interface Writing {
  readonly draft: Draft;
  readonly state: SaveState;
  readonly revision: number; // of the text that is saved
}

// Saves a draft that follows a revision, and returns the revision that it is now.
export type Save = (draft: Draft, revision: number) => Promise<number>;

const pause = 600; // milliseconds without a key before a save
const again = 2000; // milliseconds before another try where the server cannot be reached

export class Autosave {
  readonly #listeners = new Set<() => void>();
  #writing: Writing;
  #saved: Draft;
  #revision: number;
  #doubtful: Draft | undefined; // was sent, but not answered: the server may have it
  #running: Promise<void> | undefined;
  #ended = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly id: string, opened: Version, private readonly save: Save) {
    const left = kept(id); // by a page that was closed before it could save
    this.#saved = draftOf(opened);
    this.#revision = left?.revision ?? opened.revision;
    this.#writing = left && !same(left, opened)
      ? { draft: draftOf(left), state: { kind: 'unsaved' }, revision: this.#revision }
      : { draft: this.#saved, state: { kind: 'saved' }, revision: this.#revision };
  }

  readonly current = (): Writing => this.#writing;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    window.addEventListener('online', this.#retry);
    window.addEventListener('beforeunload', this.#warn);
    if (this.#writing.state.kind === 'unsaved') this.#schedule(pause);
    return () => {
      this.#listeners.delete(listener);
      window.removeEventListener('online', this.#retry);
      window.removeEventListener('beforeunload', this.#warn);
      if (this.#writing.state.kind === 'unsaved') this.#schedule(0);
    };
  };

  write(text: Draft): void {
    if (this.#ended) return;
    const draft = draftOf(text);
    const { state } = this.#writing;
    const stays = state.kind === 'conflict' || state.kind === 'over' || state.kind === 'offline';
    this.#change({ draft, state: stays ? state : { kind: 'unsaved' } });
    keep(this.id, { ...draft, revision: this.#revision });
    if (!stays) this.#schedule(pause);
  }

  // Ends a conflict with one of the two texts.
  settle(theirs: Version, take: 'mine' | 'theirs'): void {
    this.#revision = theirs.revision;
    this.#saved = draftOf(theirs);
    const draft = take === 'mine' ? this.#writing.draft : this.#saved;
    this.#change({ draft, state: { kind: 'unsaved' } });
    this.#schedule(0);
  }

  // Saves what is left at once, and returns the revision that the text has then; undefined where it could not.
  async flush(): Promise<number | undefined> {
    clearTimeout(this.#timer);
    await this.#run();
    return this.#writing.state.kind === 'saved' ? this.#revision : undefined;
  }

  // The text is no longer needed here.
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    forget(this.id);
    this.#change({ ...this.#writing, state: { kind: 'saved' } });
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), delay);
  }

  readonly #retry = (): void => {
    if (this.#writing.state.kind === 'offline') this.#schedule(0);
  };

  readonly #warn = (event: BeforeUnloadEvent): void => {
    if (this.#writing.state.kind !== 'saved') event.preventDefault();
  };

  #run(): Promise<void> {
    this.#running ??= this.#saveAll().finally(() => (this.#running = undefined));
    return this.#running;
  }

  // A text without an answer is sent again before a newer one: the server knows it again, and takes it once.
  async #saveAll(): Promise<void> {
    while (this.#doubtful || !same(this.#writing.draft, this.#saved)) {
      const draft = this.#doubtful ?? this.#writing.draft;
      if (this.#writing.state.kind !== 'offline') this.#tell({ kind: 'saving' });
      try {
        this.#revision = await this.save(draft, this.#revision);
      } catch (error) {
        return this.#failed(draft, failureOf(error));
      }
      this.#doubtful = undefined;
      this.#saved = draft;
      keep(this.id, { ...this.#writing.draft, revision: this.#revision });
      this.#tell({ kind: 'saving' });
    }
    forget(this.id);
    this.#tell({ kind: 'saved' });
  }

  #failed(draft: Draft, failure: Failure): void {
    this.#doubtful = undefined;
    if (failure.code === 'CONFLICT') {
      const theirs = failure.field === 'expectedRevision' && versionOf(failure.details['current']);
      return this.#tell(theirs ? { kind: 'conflict', theirs } : { kind: 'over', message: failure.message });
    }
    if (failure.code === 'BAD_USER_INPUT') return this.#tell({ kind: 'refused', message: failure.message });
    if (failure.code === 'NOT_FOUND') return this.#tell({ kind: 'over', message: failure.message });
    this.#doubtful = draft;
    this.#tell({ kind: 'offline' });
    if (this.#listeners.size > 0) this.#schedule(again); // a text that is not open waits until it is opened again
  }

  #tell(state: SaveState): void {
    this.#change({ ...this.#writing, state });
  }

  #change({ draft, state }: Omit<Writing, 'revision'>): void {
    this.#writing = { draft, state, revision: this.#revision };
    for (const listener of this.#listeners) listener();
  }
}

const draftOf = ({ title, content }: Draft): Draft => ({ title, content });

const same = (a: Draft, b: Draft): boolean => a.title === b.title && a.content === b.content;

// The text that stands in the way, out of the details of a CONFLICT.
function versionOf(current: unknown): Version | undefined {
  const { revision, title, content } = (current ?? {}) as Partial<Version>;
  if (revision === undefined || title === undefined || content === undefined) return undefined;
  return { revision, title, content };
}
