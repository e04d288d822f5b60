import type { ListDefinition } from "@tidemark/catalog";
import type { Cursor } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

import type { Emission } from "./emission.js";
import { pagesFrom } from "./list.js";

/** A part of the log's past; ISO instants. */
export interface Slice {
  readonly since: string;
  readonly until: string;
  /** Where its reading goes on; null: at its beginning. */
  readonly next: string | null;
  readonly done: boolean;
}

/** How the past of an append-only feed is read. */
export interface SlicesOptions {
  readonly client: OktaClient;
  readonly list: ListDefinition;
  readonly slices: readonly Slice[];
}

/** Slices read side by side; more would only wait for the log's own, narrow limit. */
const MOST_SLICES = 8;
/** Below this a slice is not worth a request of its own. */
const SHORTEST_MS = 6 * 60 * 60_000;

/** Cuts the time between two instants (ms) into equal slices. */
export function cutSlices(since: number, until: number): Slice[] {
  const count = Math.max(1, Math.min(MOST_SLICES, Math.ceil((until - since) / SHORTEST_MS)));
  const edge = (index: number): string => new Date(since + Math.round(((until - since) * index) / count)).toISOString();
  return Array.from({ length: count }, (_, index) => ({
    since: edge(index),
    until: edge(index + 1),
    next: null,
    done: false,
  }));
}

/** The slices that a stored cursor says are under way; null when it says none. */
export function slicesOf(cursor: Cursor | null | undefined): readonly Slice[] | null {
  const slices = cursor?.["slices"];
  return Array.isArray(slices) ? (slices as Slice[]) : null;
}

interface Ready {
  readonly index: number;
  readonly result: IteratorResult<{ readonly items: readonly unknown[]; readonly next: string | null }, void>;
}

/**
 * Reads bounded parts of the log side by side, whichever page comes first. Each page's cursor tells where all of them
 * stand, so that a crash loses none. Bounded queries may miss events that reach the log late (Okta docs): a polled chain
 * that begins before their end has to follow.
 */
export async function* readSlices(options: SlicesOptions): AsyncGenerator<Emission, void, undefined> {
  const { client, list } = options;
  const slices = options.slices.map((slice) => ({ ...slice }));
  const readers = slices.map(({ since, until, next, done }) =>
    done
      ? null
      : pagesFrom(list.path, {
          client,
          list,
          query: { since, until },
          cursor: next === null ? null : { next },
          scoped: false,
        }),
  );
  const coming = new Map<number, Promise<Ready>>();
  const ask = (index: number): void => {
    const reader = readers[index];
    if (!reader) return;
    const page = reader.next().then((result) => ({ index, result }));
    // Its failure is thrown when its turn comes; until then it must not count as unhandled.
    page.catch(() => undefined);
    coming.set(index, page);
  };
  slices.forEach((_, index) => ask(index));
  try {
    while (coming.size > 0) {
      const { index, result } = await Promise.race(coming.values());
      coming.delete(index);
      const slice = slices[index];
      if (!slice) continue;
      const page = result.done ? { items: [], next: null } : result.value;
      slices[index] = { ...slice, next: page.next, done: page.next === null };
      const cursor: Cursor = { slices: slices.map((one) => ({ ...one })) };
      yield { kind: "items", items: page.items, parent: {}, scoped: false, cursor };
      if (page.next !== null) ask(index);
    }
  } finally {
    await Promise.allSettled(readers.map((reader) => reader?.return()));
  }
}
