import {
  type CountedBy,
  type KeyValues,
  type ObjectDefinition,
  objectNamed,
  parentsOf,
  valueAt,
} from "@tidemark/catalog";
import { fetchOne, fillPath, sameKey } from "@tidemark/extractor";
import { isAbort, messageOf, type TidemarkError } from "@tidemark/kernel";
import type { GoneRows } from "@tidemark/loader";
import type { OktaClient } from "@tidemark/okta-client";

/** More absentees than this are confirmed by a sample of this many, evenly spread. */
const MOST_CONFIRMED = 200;
const MOST_LOOKED_AT = 50_000;
/** The mass-delete guard: above this share and this many rows, or above the ceiling alone, a person decides. */
const GUARD_SHARE = 0.25;
const GUARD_ROWS = 20;
const GUARD_CEILING = 1_000;

/** Rows asked for, one after the other, until one answers. */
const CONTROLS = 3;

/** What the judge needs to know of the pass. */
export interface JudgeOptions {
  readonly client: OktaClient;
  readonly definition: ObjectDefinition;
  /** What the token may see is what it might see when the table was last read completely. */
  readonly trusted: boolean;
  /** Why it is not trusted, for the message. */
  readonly distrust: string | null;
  readonly allowMassDelete: boolean;
  /** Rows in the table before the pass. */
  readonly rowsBefore: number;
  /** Set once a control object answered in this pass; not asked for again. */
  readonly control: { answered: boolean };
  /** Keys that are in the table, to be fetched as control objects. */
  readonly someKeys: (limit: number) => Promise<readonly KeyValues[]>;
  /** False when the row no longer meets the pipeline's row filter. */
  readonly keep: ((item: unknown) => boolean) | null;
}

/** The judge's decision about absentees. */
export interface Verdict {
  readonly deleteAbsent: boolean;
  readonly spared: readonly KeyValues[];
  readonly filtered: readonly KeyValues[];
  /** Set when rows were kept although they were absent. */
  readonly doubt: {
    readonly code: "MASS_DELETE" | "LISTING_DOUBTFUL" | "OKTA_MALFORMED";
    readonly message: string;
  } | null;
}

const NOTHING: Verdict = { deleteAbsent: false, spared: [], filtered: [], doubt: null };

/** Items that were no rows may be the very ones that are absent: such a reading proves nothing. */
export function judgeMalformed(definition: ObjectDefinition, rejected: { count: number; reason: string }): Verdict {
  const { count, reason } = rejected;
  const message = `${count} ${count === 1 ? "item" : "items"} of ${definition.list.path} cannot be stored (${reason}); the others were, and none was deleted`;
  return { ...NOTHING, doubt: { code: "OKTA_MALFORMED", message } };
}

/** What a complete listing left out. */
export interface Absence {
  readonly count: number;
  readonly keys: () => Promise<readonly KeyValues[]>;
  /** Rows the whole listing held (null when only some scopes were listed). */
  readonly listed: number | null;
  /** Scopes whose listing came back empty: an empty 200 is no proof by itself. */
  readonly emptyScopes: readonly KeyValues[];
}

/**
 * Decides whether absent rows are deleted (decision 6). Absence counts only when the token still has the rights it had,
 * the listing was not simply empty, the rows that can be fetched singly answer 404 while a control object answers 200,
 * and the guard's measure is not exceeded or was lifted by hand.
 */
export async function judgeAbsence(absence: Absence, options: JudgeOptions): Promise<Verdict> {
  if (absence.count === 0) return NOTHING;
  const object = options.definition.name;
  if (!options.trusted && !options.allowMassDelete) {
    return doubtful(
      `${absence.count} rows of ${object} are absent from its listing, but ${options.distrust ?? "the token's rights changed"}; none was deleted`,
    );
  }
  // So many are not even looked at one by one: their keys alone would fill the memory.
  if (absence.count > MOST_LOOKED_AT && !options.allowMassDelete) return tooMany(absence.count, options);
  const keys = await absence.keys();
  const confirmed = await confirmAbsentees(keys, absence, options);
  if ("doubt" in confirmed) return doubtful(confirmed.doubt);
  if (absence.listed === 0 && confirmed.spared.length > 0) {
    return doubtful(
      `the listing of ${object} came back empty, but rows that it left out are still there; none was deleted`,
    );
  }
  const gone = absence.count - confirmed.spared.length - confirmed.filtered.length;
  if (!options.allowMassDelete && exceedsGuard(gone, options.rowsBefore)) {
    return tooMany(gone, options);
  }
  return { deleteAbsent: true, ...confirmed, doubt: null };
}

function tooMany(gone: number, { rowsBefore, definition }: JudgeOptions): Verdict {
  const message = `${gone} of ${rowsBefore} rows of ${definition.name} would be deleted, more than the guard allows (25 % and 20 rows, or 1,000 rows); none was deleted`;
  return { ...NOTHING, doubt: { code: "MASS_DELETE", message } };
}

/** True when so many deletions, proved only by absence or 404, need a person's word. */
export function exceedsGuard(gone: number, rowsBefore: number): boolean {
  return gone > GUARD_CEILING || (gone > GUARD_ROWS && gone > rowsBefore * GUARD_SHARE);
}

type Confirmed = { spared: KeyValues[]; filtered: KeyValues[] } | { doubt: string };

async function confirmAbsentees(
  keys: readonly KeyValues[],
  absence: Absence,
  options: JudgeOptions,
): Promise<Confirmed> {
  const { definition } = options;
  if (definition.get) return confirmSingly(keys, options);
  if (definition.countedBy) return confirmEmptyScopes(keys, absence, options);
  if (absence.listed === 0) {
    return {
      doubt: `the listing of ${definition.name} came back empty although ${options.rowsBefore} rows are known; none was deleted`,
    };
  }
  return { spared: [], filtered: [] };
}

/** Fetches absentees (or a sample of very many): alive ones are spared, and so are all when the control object is hidden too. */
async function confirmSingly(keys: readonly KeyValues[], options: JudgeOptions): Promise<Confirmed> {
  const { client, definition, keep } = options;
  const get = definition.get;
  if (!get) return { spared: [], filtered: [] };
  // Where the list itself hides rows, what it says of one tells nothing about its neighbours.
  const step = definition.listingHides ? 1 : Math.max(1, Math.ceil(keys.length / MOST_CONFIRMED));
  const spared: KeyValues[] = [];
  const filtered: KeyValues[] = [];
  for (let index = 0; index < keys.length; index += step) {
    const key = keys[index];
    if (!key) continue;
    const item = await tryFetch(() => fetchOne(client, get, key));
    if (item instanceof Error)
      return {
        doubt: `rows absent from the listing of ${definition.name} could not be confirmed by a GET (${messageOf(item)}); none was deleted`,
      };
    if (item === null) continue;
    if (keep !== null && !keep(item)) filtered.push(key);
    else spared.push(key);
  }
  if (step > 1 && spared.length > 0) {
    return {
      doubt: `${spared.length} of ${Math.ceil(keys.length / step)} sampled rows that the listing of ${definition.name} left out are still there; none was deleted`,
    };
  }
  if (spared.length + filtered.length === keys.length) return { spared, filtered };
  const control = await controlAnswers(keys, options);
  if (control) return { spared, filtered };
  return {
    doubt: `${definition.name}: neither the absent rows nor a control object can be read, so the token may have lost its rights; none was deleted`,
  };
}

/** A member list that came back empty counts only when the parent's own count says zero as well. */
async function confirmEmptyScopes(
  keys: readonly KeyValues[],
  absence: Absence,
  options: JudgeOptions,
): Promise<Confirmed> {
  const { client, definition } = options;
  const parent = definition.parent ? objectNamed(definition.parent.object) : undefined;
  const countedBy = definition.countedBy;
  if (!parent || !countedBy || !definition.parent) return { spared: [], filtered: [] };
  const [column = "", parentColumn = "id"] = Object.entries(definition.parent.columns)[0] ?? [];
  const suspicious = absence.emptyScopes.filter((scope) => keys.some((key) => key[column] === scope[column]));
  const alive = new Set<string>();
  for (let index = 0; index < suspicious.length; index += 20) {
    const ids = suspicious.slice(index, index + 20).map((scope) => scope[column] ?? "");
    const filter = ids.map((id) => `${parentColumn} eq "${id}"`).join(" or ");
    const counts = await tryFetch(
      async () =>
        (await client.get(parent.list.path, { query: { ...parent.list.query, ...countedBy.query, filter } })).json,
    );
    const known =
      counts instanceof Error || !Array.isArray(counts) ? null : countsById(counts, parentColumn, countedBy);
    for (const id of ids) if (known?.get(id) !== 0) alive.add(id);
  }
  const spared = keys.filter((key) => alive.has(key[column] ?? ""));
  return { spared, filtered: [] };
}

/** How many children every listed parent says it has; of a yes or no, one or none. */
export function countsById(items: readonly unknown[], idField: string, by: CountedBy): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const id = (item as Record<string, unknown> | null)?.[idField];
    const count = countOf(item, by);
    if (typeof id === "string" && count !== undefined) counts.set(id, count);
  }
  return counts;
}

/** How many children the parent's item says it has; undefined when it does not say. */
export function countOf(item: unknown, by: CountedBy): number | undefined {
  const told = valueAt(item, by.path) ?? (by.orPath ? valueAt(item, by.orPath) : undefined);
  if (typeof told === "boolean") return Number(told);
  return typeof told === "number" ? told : undefined;
}

/**
 * Turns 404s of single reads into proved ends, or into nothing when the token may have lost its rights: a row that is
 * known to be there has to answer at the same time.
 */
export async function judgeMissing(keys: readonly KeyValues[], options: JudgeOptions): Promise<readonly GoneRows[]> {
  if (keys.length === 0) return [];
  if (!options.trusted && !options.allowMassDelete) return [];
  if (!(await controlAnswers(keys, options))) return [];
  return keys.map((key) => ({ key, reason: "not_found" as const }));
}

/** Some row besides `absent` answers 200. With no other row to ask, the unchanged rights have to do. */
async function controlAnswers(absent: readonly KeyValues[], options: JudgeOptions): Promise<boolean> {
  const { client, definition } = options;
  const get = definition.get;
  if (!get || options.control.answered) return true;
  const others = (await options.someKeys(absent.length + CONTROLS)).filter(
    (key) => !absent.some((gone) => sameKey(gone, key)),
  );
  for (const key of others.slice(0, CONTROLS)) {
    const item = await tryFetch(() => fetchOne(client, get, key));
    if (item === null || item instanceof Error) continue;
    options.control.answered = true;
    return true;
  }
  // The rows that come first may all be under a parent that is gone itself.
  if (others.length > 0 && !definition.parent) return false;
  return parentAnswers(absent[0], options);
}

async function parentAnswers(key: KeyValues | undefined, options: JudgeOptions): Promise<boolean> {
  const { client, definition } = options;
  // Parents of several kinds have the same path.
  const [parent] = parentsOf(definition);
  if (!parent?.get || !definition.parent || !key) return true;
  const values = Object.fromEntries(
    Object.entries(definition.parent.columns).map(([column, parentColumn]) => [parentColumn, key[column] ?? ""]),
  );
  const path = fillPath(parent.get.path, values);
  const item = await tryFetch(async () => (await client.get(path)).json);
  return !(item instanceof Error);
}

async function tryFetch(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (isAbort(error)) throw error;
    return error instanceof Error ? (error as TidemarkError) : new Error(String(error));
  }
}

function doubtful(message: string): Verdict {
  return { ...NOTHING, doubt: { code: "LISTING_DOUBTFUL", message } };
}
