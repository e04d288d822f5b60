import { mix } from "../generate/hash.js";
import type { JsonObject } from "../json.js";
import { firstAbove } from "./versioned.js";

/** An event as stored: `persisted` orders the polling feed, `published` the bounded one; both in milliseconds. */
export interface LogEntry {
  readonly type: string;
  readonly published: number;
  readonly persisted: number;
  readonly event: JsonObject;
}

/** A run of generated sign-ins that takes no memory: number `k` of it is computed when somebody reads it. */
export interface LazyRun {
  readonly type: string;
  readonly count: number;
  readonly from: number;
  readonly to: number;
  entry(k: number): LogEntry;
}

interface Segment {
  /** Position of its first event in the whole log. */
  readonly start: number;
  readonly run: LazyRun | undefined;
  readonly entries: LogEntry[];
  length(): number;
}

/** A question to the log. */
export interface LogQuery {
  /** Only these event types can match; null = any. */
  readonly types: ReadonlySet<string> | ((type: string) => boolean) | null;
  readonly matches: (event: JsonObject) => boolean;
  readonly limit: number;
}

/** What came of it: the entries, and the position to go on from. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  readonly position: number;
}

/**
 * The System Log: append-only, in the order of persistence. Events of one type are found without touching the
 * others, so that a few changes among a million sign-ins answer at once.
 */
export class SystemLog {
  readonly #segments: Segment[] = [];
  readonly #byType = new Map<string, number[]>();
  #pending: LogEntry[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Appends an event, visible from `entry.persisted` on. */
  append(entry: LogEntry, now: number): void {
    if (entry.persisted > now) this.#pending.push(entry);
    else this.#persist(entry);
  }

  /** Makes pending events visible whose time has come; `now` Infinity = all. */
  settle(now: number): void {
    if (this.#pending.length === 0) return;
    const due = this.#pending.filter((entry) => entry.persisted <= now).sort((a, b) => a.persisted - b.persisted);
    if (due.length === 0) return;
    this.#pending = this.#pending.filter((entry) => entry.persisted > now);
    for (const entry of due) this.#persist(entry);
  }

  appendRun(run: LazyRun): void {
    this.#segments.push({ start: this.#length, run, entries: [], length: () => run.count });
    this.#length += run.count;
  }

  #persist(entry: LogEntry): void {
    let last = this.#segments.at(-1);
    if (!last || last.run) {
      const entries: LogEntry[] = [];
      last = { start: this.#length, run: undefined, entries, length: () => entries.length };
      this.#segments.push(last);
    }
    last.entries.push(entry);
    let positions = this.#byType.get(entry.type);
    if (!positions) this.#byType.set(entry.type, (positions = []));
    positions.push(this.#length);
    this.#length++;
  }

  entryAt(position: number): LogEntry | undefined {
    const segment = this.#segmentAt(position);
    if (!segment) return undefined;
    const k = position - segment.start;
    return segment.run ? segment.run.entry(k) : segment.entries[k];
  }

  #segmentAt(position: number): Segment | undefined {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const segment = this.#segments[middle];
      if (!segment) return undefined;
      if (position < segment.start) high = middle - 1;
      else if (position >= segment.start + segment.length()) low = middle + 1;
      else return segment;
    }
    return undefined;
  }

  /** The first position that was persisted at or after `ms`. */
  positionAt(ms: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entryAt(middle)?.persisted ?? Infinity) < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Matching events from `position` on, in order of persistence. */
  read(position: number, query: LogQuery): LogPage {
    const entries: LogEntry[] = [];
    for (const at of this.#positions(position, query.types)) {
      const entry = this.entryAt(at);
      if (!entry || !query.matches(entry.event)) continue;
      entries.push(entry);
      if (entries.length === query.limit) return { entries, position: at + 1 };
    }
    return { entries, position: Math.max(position, this.#length) };
  }

  /** Matching events published in [since, until), by `published`; a query for people and audits, so it may scan. */
  between(since: number, until: number, query: LogQuery): LogEntry[] {
    const found: LogEntry[] = [];
    for (const at of this.#positions(0, query.types, { since, until })) {
      const entry = this.entryAt(at);
      if (entry && entry.published >= since && entry.published < until && query.matches(entry.event)) found.push(entry);
    }
    return found.sort((a, b) => a.published - b.published);
  }

  *#positions(from: number, types: LogQuery["types"], range?: { since: number; until: number }): Generator<number> {
    const wants = types === null ? () => true : typeof types === "function" ? types : (type: string) => types.has(type);
    const stored = [...this.#byType].filter(([type]) => wants(type)).map(([, positions]) => positions);
    const few = merged(stored, from);
    let next = few.next();
    for (const segment of this.#segments) {
      const end = segment.start + segment.length();
      if (end <= from) continue;
      if (!segment.run) {
        for (; next.done !== true && next.value < end; next = few.next()) yield next.value;
      } else if (
        wants(segment.run.type) &&
        (!range || (segment.run.to >= range.since && segment.run.from < range.until))
      ) {
        for (let at = Math.max(from, segment.start); at < end; at++) yield at;
      }
    }
  }
}

/** Ascending union of ascending lists, from `from` on. */
function* merged(lists: readonly (readonly number[])[], from: number): Generator<number, undefined> {
  const heads = lists.map((list) => ({ list, k: firstAbove(list, from - 1) }));
  for (;;) {
    let best: { list: readonly number[]; k: number } | undefined;
    for (const head of heads) {
      const value = head.list[head.k] ?? Infinity;
      if (value !== Infinity && value < (best?.list[best.k] ?? Infinity)) best = head;
    }
    const value = best?.list[best.k];
    if (!best || value === undefined) return undefined;
    best.k++;
    yield value;
  }
}

/** A UUID computed from numbers, so that a generated event has the same one at every reading. */
export function uuidOf(seed: number, a: number, b: number): string {
  const hex = (n: number): string =>
    mix(seed, a, b * 4 + n)
      .toString(16)
      .padStart(8, "0");
  const text = hex(0) + hex(1) + hex(2) + hex(3);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`;
}
