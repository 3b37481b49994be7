// The frames of the last minutes, as columns for plots and as sums for tables.
export const span = 600; // seconds that are kept
const tiers = ['near', 'far', 'shared', 'loads', 'negative', 'stale'];

export class History {
  frames = []; // oldest first

  // Takes what the server remembers. What this page saw before that stays.
  merge(list) {
    const first = list[0]?.at ?? Infinity;
    this.frames = [...this.frames.filter((frame) => frame.at < first), ...list.map(summed)];
    this.#forget();
  }

  add(frame) {
    if (frame.at <= this.last?.at) return;
    this.frames.push(summed(frame));
    this.#forget();
  }

  get last() {
    return this.frames.at(-1);
  }

  #forget() {
    const begin = (this.last?.at ?? 0) - span;
    this.frames = this.frames.filter((frame) => frame.at >= begin);
  }

  // The frames to plot. Where some are missing, an empty one stands for them, so that no line crosses the gap.
  withGaps() {
    return this.frames.flatMap((frame, i) => {
      const before = this.frames[i - 1];
      const missed = before && frame.at - before.at > 2.5 * (frame.seconds ?? 2);
      return missed ? [{ at: before.at + 0.1, gap: true }, frame] : [frame];
    });
  }

  // The times in which Redis was configured but not used, as [from, to] in Unix seconds. The last may still go on.
  outages() {
    const list = [];
    let open = false;
    for (const frame of this.frames) {
      const away = isAway(frame);
      if (away && open) list.at(-1)[1] = frame.at;
      else if (away) list.push([frame.at - (frame.seconds ?? 2), frame.at]);
      open = away;
    }
    return list;
  }

  // What each kind of entry was asked for per second over so many seconds, by name.
  kinds(seconds) {
    const recent = this.frames.filter((frame) => frame.at > this.last.at - seconds);
    const kinds = new Map();
    for (const frame of recent) {
      for (const kind of frame.kinds ?? []) {
        const sum = kinds.get(kind.name) ?? Object.fromEntries(tiers.map((tier) => [tier, 0]));
        for (const tier of tiers) sum[tier] += (kind[tier] ?? 0) / recent.length;
        kinds.set(kind.name, Object.assign(sum, { name: kind.name, entries: kind.entries, bytes: kind.bytes }));
      }
    }
    return [...kinds.values()].map((kind) => Object.assign(kind, shares(kind)));
  }
}

export function isAway(frame) {
  return Boolean(frame?.redis?.configured) && frame.redis.inUse === false;
}

// A frame with the sums over its kinds.
function summed(frame) {
  const sum = Object.fromEntries(tiers.map((tier) => [tier, 0]));
  for (const kind of frame.kinds ?? []) for (const tier of tiers) sum[tier] += kind[tier] ?? 0;
  return { ...frame, all: frame.kinds ? { ...sum, ...shares(sum) } : {} };
}

// Who answered, as parts of one, and the hit ratio: all that needed no read of the database. Negative and stale answers
// are among those of the tiers.
function shares({ near, far, shared, loads }) {
  const requests = near + far + shared + loads;
  if (!requests) return { requests, ratio: null, share: {} };
  const share = { near: near / requests, far: far / requests, shared: shared / requests, loads: loads / requests };
  return { requests, ratio: 1 - share.loads, share };
}
