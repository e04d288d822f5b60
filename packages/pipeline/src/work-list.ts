import type { EventEffect, KeyValues } from "@tidemark/catalog";

/** Something that the change feed said has to be read again. */
export interface WorkEntry {
  readonly id: string;
  readonly object: string;
  readonly effect: EventEffect;
  readonly key: KeyValues;
  /** When Okta published the event (ms). */
  readonly eventAt: number;
  readonly seq: number;
}

/** Lists and even single reads may lag a change by minutes (recorded traffic, Okta docs): what an event names is read twice. */
export const READ_AGAIN_AFTER_MS = 5 * 60_000;

/** When an entry read at `now` has to be read once more; null when this reading was late enough to be final. */
export function readAgainAt(entry: { readonly eventAt: number }, now: number): number | null {
  const settledAt = entry.eventAt + READ_AGAIN_AFTER_MS;
  return now < settledAt ? settledAt : null;
}
