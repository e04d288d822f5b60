import { createHash } from "node:crypto";

import {
  defineObject,
  type KeyValues,
  type ObjectDefinition,
  type Row,
  type SqlValue,
  type TableSpec,
} from "@tidemark/catalog";
import type { Pass, PassMode } from "@tidemark/kernel";
import {
  type Batch,
  type DeletePolicy,
  type Dependant,
  ensureTables,
  type EventTime,
  type Finish,
  type LoadCounts,
  type ObjectLoader,
  openObjectLoader,
} from "@tidemark/loader";
import type { Warehouse, WarehouseConfig } from "@tidemark/warehouse";

/** A place of its own in a real database, for one test. */
export interface TestSchema {
  readonly url: string;
  readonly schema: string;
  open(config?: Partial<WarehouseConfig>): Promise<Warehouse>;
  /** Plays another person's part; tables of the schema need no prefix. */
  query<T extends Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  drop(): Promise<void>;
}

export type SchemaFactory = () => Promise<TestSchema>;

const base = {
  aliases: [],
  preset: "core",
  summary: "",
  scopes: [],
  adminRoles: [],
  writes: { insert: false, update: false, delete: false, twoWay: false },
  events: [],
} as const;

/** Invented objects, so that the suite holds whatever the catalog says: people with tags, and who is in which club. */
export const PEOPLE: ObjectDefinition = defineObject({
  ...base,
  name: "people",
  list: { path: "/people", pageSize: 200 },
  key: ["id"],
  columns: [{ path: ["id"], type: "text" }],
  incremental: { how: "filter", parameter: "filter", expression: "", overlapMinutes: 5 },
  children: [
    {
      name: "people_tags",
      path: ["tags"],
      parentColumns: { person_id: "id" },
      positionColumn: "place",
      key: ["person_id", "place"],
      columns: [{ path: ["name"], type: "text" }],
    },
  ],
});

export const CLUB_MEMBERS: ObjectDefinition = defineObject({
  ...base,
  name: "club_members",
  list: { path: "/clubs/{club_id}/people", pageSize: 200 },
  key: ["club_id", "person_id"],
  columns: [],
  incremental: { how: "compare" },
});

export const LOG: ObjectDefinition = defineObject({
  ...base,
  name: "log_lines",
  list: { path: "/log", pageSize: 1000 },
  key: ["id"],
  columns: [],
  incremental: { how: "append", timePath: ["published"] },
});

export const people: TableSpec = {
  name: "people",
  object: "people",
  key: ["id"],
  indexes: [["login"]],
  columns: [
    { name: "id", type: "text", path: ["id"] },
    { name: "login", type: "text", path: ["profile", "login"] },
    { name: "active", type: "boolean", path: ["active"] },
    { name: "badge", type: "integer", path: ["profile", "badge"] },
    { name: "score", type: "double", path: ["profile", "score"] },
    { name: "last_updated", type: "instant", path: ["lastUpdated"] },
    { name: "_extra", type: "json", path: ["{extra}"] },
  ],
};

export const peopleTags: TableSpec = {
  name: "people_tags",
  object: "people",
  key: ["person_id", "place"],
  indexes: [],
  columns: [
    { name: "person_id", type: "text", path: ["{parent}", "id"] },
    { name: "place", type: "integer", path: ["{position}"] },
    { name: "name", type: "text", path: ["name"] },
  ],
};

export const clubMembers: TableSpec = {
  name: "club_members",
  object: "club_members",
  key: ["club_id", "person_id"],
  indexes: [["person_id"]],
  columns: [
    { name: "club_id", type: "text", path: ["{parent}", "id"] },
    { name: "person_id", type: "text", path: ["id"] },
  ],
};

function hashed(values: readonly SqlValue[]): Row {
  const text = JSON.stringify(values.map((value) => (typeof value === "bigint" ? `${value}n` : value)));
  return { values, hash: createHash("sha256").update(text).digest("base64url").slice(0, 27) };
}

export interface Person {
  readonly id: string;
  readonly login?: string | null;
  readonly active?: boolean | null;
  readonly badge?: number | bigint | null;
  readonly score?: number | null;
  readonly lastUpdated?: string | null;
  readonly extra?: string | null;
}

export function person(of: Person): Row {
  return hashed([
    of.id,
    of.login ?? null,
    of.active ?? null,
    of.badge ?? null,
    of.score ?? null,
    of.lastUpdated ?? null,
    of.extra ?? null,
  ]);
}

export function tags(personId: string, names: readonly string[]): Row[] {
  return names.map((name, place) => hashed([personId, place, name]));
}

export function member(club: string, personId: string): Row {
  return hashed([club, personId]);
}

export const NOTHING: LoadCounts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };

export function batch(of: Partial<Batch>): Batch {
  return { rows: [], merge: true, scopes: [], gone: [], cursor: null, ...of };
}

export function finish(of: Partial<Finish> = {}): Finish {
  return { watermark: 1_000, deleteAbsent: true, complete: true, memory: {}, cursor: null, ...of };
}

export interface LoaderSettings {
  readonly definition: ObjectDefinition;
  readonly tables: readonly TableSpec[];
  readonly deletes?: DeletePolicy;
  readonly references?: readonly Dependant[];
  readonly compareAll?: boolean;
  readonly dryRun?: boolean;
  readonly ttlMs?: number;
  readonly history?: boolean;
  readonly times?: { now(): number; readonly events?: readonly EventTime[] };
}

export const PEOPLE_LOADER: LoaderSettings = { definition: PEOPLE, tables: [people, peopleTags] };
export const MEMBERS_LOADER: LoaderSettings = { definition: CLUB_MEMBERS, tables: [clubMembers] };

/** Makes the tables and opens a loader under a lease. */
export async function openLoader(warehouse: Warehouse, settings: LoaderSettings): Promise<ObjectLoader> {
  const { definition, tables, deletes = "hard", ttlMs = 60_000, ...rest } = settings;
  if (!settings.dryRun) await ensureTables(warehouse, tables, { deletes, history: settings.history === true });
  const lease = await warehouse.acquireLease(definition.name, { holder: "test", ttlMs });
  return openObjectLoader({ warehouse, definition, tables, lease, deletes, runId: "run-1", ...rest });
}

let passes = 0;

export function newPass(mode: PassMode = "full", startedAt = 500): Pass {
  passes += 1;
  return { id: `pass-${passes}`, mode, startedAt };
}

/** A whole pass: these batches, judged as told; returns the counts of all steps together. */
export async function runPass(
  warehouse: Warehouse,
  settings: LoaderSettings,
  pass: { batches: readonly Batch[]; mode?: PassMode; end?: Partial<Finish> },
): Promise<LoadCounts> {
  const loader = await openLoader(warehouse, settings);
  try {
    await loader.begin(newPass(pass.mode));
    const counts: LoadCounts[] = [];
    for (const one of pass.batches) counts.push(await loader.commit(one));
    await loader.findAbsent();
    counts.push(await loader.finish(finish(pass.end)));
    return sum(counts);
  } finally {
    await loader.close();
  }
}

export function sum(all: readonly LoadCounts[]): LoadCounts {
  const total = { ...NOTHING };
  for (const name of ["inserted", "updated", "unchanged", "deleted"] as const) {
    total[name] = all.reduce((count, one) => count + one[name], 0);
  }
  return total;
}

/** Live rows of a table, ordered by all their columns as text. */
export async function liveRows(
  warehouse: Warehouse,
  table: string,
  columns: readonly string[],
): Promise<Readonly<Record<string, unknown>>[]> {
  const rows = await warehouse.selectRows({ table, columns }, { limit: 1_000_000 });
  const text = (row: Readonly<Record<string, unknown>>): string =>
    columns.map((column) => String(row[column])).join("|");
  return rows.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

export async function ids(warehouse: Warehouse, table = "people", column = "id"): Promise<unknown[]> {
  return (await liveRows(warehouse, table, [column])).map((row) => row[column]);
}

export async function keysOf(warehouse: Warehouse, spec: TableSpec): Promise<KeyValues[]> {
  return warehouse.selectKeys(spec.name, spec.key, { limit: 1_000_000 });
}
