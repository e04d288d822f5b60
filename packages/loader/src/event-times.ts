import type { KeyValues } from "@tidemark/catalog";
import type { KeySet } from "@tidemark/warehouse";

import { joinKey, splitKey } from "./table.js";

/** When an event of the log says that something happened to the rows with these values (a key, or a part of one). */
export interface EventTime {
  readonly key: KeyValues;
  /** ms, Okta's clock. */
  readonly at: number;
}

/** What tells the times of versions. */
export interface VersionTimes {
  /** Okta's clock (ms): when a run sees what it sees. */
  now(): number;
  readonly events: EventTimes;
}

/** Column of a key set that holds the time. */
export const EVENT_AT = "_tidemark_event_at";

/** Times of events by the values that they are about. Of several about the same values the latest counts: it made them what they are. */
export class EventTimes {
  /** Sorted column names → values in their order → time. */
  readonly #sets = new Map<string, { columns: readonly string[]; times: Map<string, number> }>();

  constructor(events: readonly EventTime[]) {
    for (const { key, at } of events) {
      const columns = Object.keys(key).toSorted();
      if (columns.length === 0) continue;
      const name = joinKey(columns);
      const set = this.#sets.get(name) ?? { columns, times: new Map<string, number>() };
      this.#sets.set(name, set);
      const values = joinKey(columns.map((column) => key[column] ?? ""));
      set.times.set(values, Math.max(at, set.times.get(values) ?? 0));
    }
  }

  get none(): boolean {
    return this.#sets.size === 0;
  }

  /** The time of the event about these values of these columns. */
  about(columns: readonly string[], row: readonly string[]): number | undefined {
    const sorted = columns.toSorted();
    const values = sorted.map((column) => row[columns.indexOf(column)] ?? "");
    return this.#sets.get(joinKey(sorted))?.times.get(joinKey(values));
  }

  /** All events about values of some of these columns, as rows with their time. */
  among(columns: readonly string[]): KeySet[] {
    const fitting = [...this.#sets.values()].filter((set) => set.columns.every((column) => columns.includes(column)));
    return fitting.map((set) => ({
      columns: [...set.columns, EVENT_AT],
      types: [...set.columns.map(() => "text" as const), "instant"],
      rows: [...set.times].map(([values, at]) => [...splitKey(values, set.columns.length), new Date(at).toISOString()]),
    }));
  }
}
