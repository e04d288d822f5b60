import {
  type KeyValues,
  neededBy,
  type ObjectDefinition,
  objectNamed,
  OBJECTS,
  parentsOf,
  snakeCase,
} from "@tidemark/catalog";
import { TerminalError, TidemarkError } from "@tidemark/kernel";

import { columnValues } from "../direct.js";
import { countOf } from "../judge.js";
import { isFatal, statusOfError } from "../outcome.js";
import type { ObjectPlan } from "../run.js";
import { RowFilter } from "../row-filter.js";
import type { Asking } from "./asking.js";
import { problemOf } from "./problems.js";
import { sampleScopes } from "./sampling.js";
import { type Size, type Survey, type Surveyed, valueAt } from "./surveyed.js";

/** What a survey is made with. */
export interface SurveyOptions {
  readonly asking: Asking;
  /** The token sees the whole org, so that counts of the whole org are counts of what it sees. */
  readonly seesAll: boolean;
  readonly onObject: (name: string) => void;
  readonly warn: (message: string) => void;
}

/** Asks for each object once, and counts what a load would read of it. Parents must come before their children. */
export async function survey(plans: readonly ObjectPlan[], options: SurveyOptions): Promise<Survey> {
  const found = new Map<string, Surveyed>();
  for (const plan of plans) {
    options.onObject(plan.definition.name);
    found.set(plan.definition.name, await surveyObject(plan, found, options));
  }
  return found;
}

async function surveyObject(plan: ObjectPlan, found: Survey, options: SurveyOptions): Promise<Surveyed> {
  const { definition } = plan;
  const nothing = { definition, problem: null, size: null, exact: false, listed: [] } as const;
  try {
    if (definition.parent) return await surveyChild(definition, found, options);
    if (definition.incremental.how === "append") {
      await options.asking.first(definition.list, {}, { limit: "1" });
      return { ...nothing, status: "ok" };
    }
    return await surveyList(plan, options);
  } catch (error) {
    if (!(error instanceof TidemarkError) || isFatal(error)) throw error;
    const status = statusOfError(error);
    return {
      ...nothing,
      status: status === "denied" || status === "unavailable" ? status : "failed",
      problem: problemOf(error),
    };
  }
}

async function surveyList(plan: ObjectPlan, options: SurveyOptions): Promise<Surveyed> {
  const { definition } = plan;
  const { asking } = options;
  const filtered = Object.keys(plan.selection.filter).length > 0;
  const filter = filtered ? new RowFilter(definition, plan.selection.filter) : null;
  const children = dependentLists(definition.name);
  const counts = Object.assign({}, ...children.map((child) => child.countedBy?.query)) as Record<string, string>;
  const query = { ...definition.list.fullQuery, ...counts, ...filter?.query(definition) };
  const found = { definition, status: "ok", problem: null } as const;

  if (children.length === 0) {
    const first = await asking.first(definition.list, {}, query);
    if (first.next === null)
      return { ...found, size: { kind: "list", rows: first.items.length }, exact: true, listed: [] };
    const total = filtered || !options.seesAll ? null : await hintedTotal(definition, asking);
    if (total !== null) return { ...found, size: { kind: "list", rows: total }, exact: true, listed: [] };
  }
  const listed: unknown[] = [];
  let rows = 0;
  const whole = await asking.follow(definition.list, query, (items) => {
    const kept = filter === null ? items : items.filter((item) => filter.matches(item));
    rows += items.length;
    if (children.length > 0) for (const item of kept) listed.push(item);
  });
  if (!whole) {
    options.warn(
      `There are more ${definition.name} than the ${rows} that check counted: the load takes longer than estimated`,
    );
  }
  return { ...found, size: { kind: "list", rows }, exact: whole, listed };
}

/** The number of rows as another object tells it; null when it does not. */
async function hintedTotal(definition: ObjectDefinition, asking: Asking): Promise<number | null> {
  const hint = definition.sizeHints?.total;
  const teller = hint && objectNamed(hint.object);
  if (!hint || !teller) return null;
  try {
    const { items } = await asking.first(teller.list, {}, hint.query);
    const item = items.find((one) =>
      Object.entries(hint.where).every(([path, value]) => valueAt(one, path.split(".")) === value),
    );
    const total = valueAt(item, hint.path);
    return typeof total === "number" ? total : null;
  } catch (error) {
    if (error instanceof TidemarkError && !isFatal(error)) return null;
    throw error;
  }
}

/** Objects whose requests are made from rows of `name`. */
function dependentLists(name: string): readonly ObjectDefinition[] {
  return OBJECTS.filter((object) => neededBy(object).some((needed) => needed.name === name));
}

/** A parent's item and the values that its children's path takes from it. */
interface Keyed {
  readonly item: unknown;
  readonly key: KeyValues;
}

/** The parents that the object is listed under; null when none of them could be read. */
function parentsListed(definition: ObjectDefinition, found: Survey): { keyed: Keyed[]; exact: boolean } | null {
  const { parent } = definition;
  const above = parentsOf(definition).flatMap(({ name }) => found.get(name) ?? []);
  const read = above.filter(({ status }) => status === "ok");
  if (!parent || read.length === 0) return null;
  const keyed = read.flatMap((one) =>
    one.listed
      .filter((item) =>
        Object.entries(parent.where ?? {}).every(([column, values]) => hasValue(one, item, { column, values })),
      )
      .map((item) => ({ item, key: columnValues(one.definition, item, parent.columns) })),
  );
  const whole = keyed.filter(({ key }) => Object.values(key).every((value) => value !== ""));
  const { times } = parent;
  const other = times && found.get(times.object);
  const others = other?.listed.map((item) => columnValues(other.definition, item, times?.columns ?? {}));
  const all = times
    ? whole.flatMap(({ item, key }) => (others ?? []).map((more) => ({ item, key: { ...key, ...more } })))
    : whole;
  return { keyed: all, exact: read.every(({ exact }) => exact) };
}

function hasValue(
  { definition }: Surveyed,
  item: unknown,
  test: { column: string; values: readonly string[] },
): boolean {
  const value = valueAt(item, columnPath(definition, test.column));
  return typeof value === "string" && test.values.includes(value);
}

async function surveyChild(definition: ObjectDefinition, found: Survey, options: SurveyOptions): Promise<Surveyed> {
  const { incremental, countedBy, list } = definition;
  const above = parentsListed(definition, found);
  const nothing = { definition, problem: null, size: null, exact: false, listed: [] } as const;
  if (above === null) return { ...nothing, status: "unchecked" };
  const { keyed } = above;
  const [parent] = parentsOf(definition);
  const moved = incremental.how === "parent" && parent ? columnPath(parent, incremental.parentColumn) : null;
  const told = keyed.map(({ item }) => (countedBy ? countOf(item, countedBy) : undefined));
  const scopes = (rows: (index: number) => number): Size => ({
    kind: "scopes",
    scopes: keyed.map(({ item }, index) => {
      const at = moved === null ? Number.NaN : Date.parse(String(valueAt(item, moved)));
      return { rows: rows(index), knownEmpty: told[index] === 0, movedAt: Number.isNaN(at) ? null : at };
    }),
  });
  if (keyed.length === 0) return { ...nothing, status: "unchecked", size: scopes(() => 0), exact: true };

  if (list.single || countedBy) {
    await probe(definition, probeUnder(keyed, told), options);
    const exact = above.exact && told.every((count) => count !== undefined || list.single === true);
    const size = scopes((index) => (list.single ? 1 : (told[index] ?? 1)));
    return { ...nothing, status: "ok", size, exact };
  }
  const sampled = await sampleScopes(
    definition,
    keyed.map(({ key }) => key),
    { asking: options.asking, survey: found },
  );
  return {
    ...nothing,
    status: "ok",
    size: scopes((index) => sampled.rows[index] ?? 0),
    exact: above.exact && sampled.whole,
  };
}

/** A parent in the middle of those that have rows: neither the largest nor an empty one. */
function probeUnder(keyed: readonly { readonly key: KeyValues }[], told: readonly unknown[]): KeyValues {
  const filled = keyed.filter((_, index) => told[index] !== 0);
  const among = filled.length > 0 ? filled : keyed;
  return among[Math.floor(among.length / 2)]?.key ?? {};
}

async function probe(definition: ObjectDefinition, under: KeyValues, options: SurveyOptions): Promise<void> {
  try {
    await options.asking.first(definition.list, under);
  } catch (error) {
    // The parent ended since it was listed: that says nothing about the object.
    if (!(error instanceof TerminalError) || error.code !== "OKTA_NOT_FOUND") throw error;
  }
}

function columnPath(definition: ObjectDefinition, column: string): readonly string[] {
  const declared = definition.columns.find((one) => (one.name ?? one.path.map(snakeCase).join("_")) === column);
  return declared?.path ?? [column];
}
