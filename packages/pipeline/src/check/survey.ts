import {
  type KeyValues,
  type ListDefinition,
  neededBy,
  type ObjectDefinition,
  objectNamed,
  parentsOf,
  valueAt,
} from "@tidemark/catalog";
import { TerminalError, TidemarkError } from "@tidemark/kernel";

import { countOf } from "../judge.js";
import { isFatal, statusOfError } from "../outcome.js";
import type { ObjectPlan } from "../run.js";
import { keeper, RowFilter } from "../row-filter.js";
import type { Asking } from "./asking.js";
import { columnPath, type Keyed, parentsListed } from "./parents-listed.js";
import { problemOf } from "./problems.js";
import { listUnder, sampleScopes } from "./sampling.js";
import { queriesOf, type Size, type Survey, type Surveyed } from "./surveyed.js";

/** The chain behind a first load's slices begins this far back; see reading. */
const CHAIN_OVERLAP_MS = 60 * 60_000;

/** What a survey is made with. */
export interface SurveyOptions {
  readonly asking: Asking;
  /** The token sees the whole org, so that counts of the whole org are counts of what it sees. */
  readonly seesAll: boolean;
  /** Okta's clock (ms). */
  readonly now: () => number;
  readonly onObject: (name: string) => void;
  readonly warn: (message: string) => void;
}

/** Asks for each object once, and counts what a load would read of it. Parents must come before their children. */
export async function survey(plans: readonly ObjectPlan[], options: SurveyOptions): Promise<Survey> {
  const found = new Map<string, Surveyed>();
  for (const plan of plans) {
    options.onObject(plan.definition.name);
    const children = plans.map(({ definition }) => definition).filter(isMadeFrom(plan.definition));
    found.set(plan.definition.name, await surveyObject({ ...plan, children }, found, options));
  }
  return found;
}

/** An object, and those of the survey whose requests are made from its rows. */
interface Surveying extends ObjectPlan {
  readonly children: readonly ObjectDefinition[];
}

async function surveyObject(plan: Surveying, found: Survey, options: SurveyOptions): Promise<Surveyed> {
  const { definition } = plan;
  const nothing = { definition, problem: null, size: null, exact: false, listed: [] } as const;
  try {
    if (definition.parent) return await surveyChild(plan, found, options);
    if (definition.incremental.how === "append") {
      const since = new Date(options.now() - CHAIN_OVERLAP_MS).toISOString();
      const { items } = await options.asking.first(definition.list, {}, { limit: "1", since });
      return { ...nothing, status: "ok", size: { kind: "feed", recent: items.length > 0 } };
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

async function surveyList(plan: Surveying, options: SurveyOptions): Promise<Surveyed> {
  const { definition, children } = plan;
  const { asking } = options;
  const filtered = Object.keys(plan.selection.filter).length > 0;
  const filter = filtered ? new RowFilter(definition, plan.selection.filter) : null;
  const counts = Object.assign({}, ...children.map((child) => child.countedBy?.query)) as Record<string, string>;
  const query = { ...definition.list.fullQuery, ...counts, ...filter?.query(definition) };
  const keep = keeper(definition, filter);
  const mayCount = !filtered && options.seesAll;
  const parts: number[] = [];
  const listed: unknown[] = [];
  let rows = 0;
  let exact = true;
  let sample: unknown;
  for (const list of queriesOf(definition.list)) {
    const total = mayCount ? await countedTotal(definition, { list, query, asking }) : null;
    let part = 0;
    const take = (items: readonly unknown[]): void => {
      const kept = keep === null ? items : items.filter(keep);
      sample ??= items[0];
      part += items.length;
      rows += kept.length;
      if (children.length > 0) for (const item of kept) listed.push(item);
    };
    if (total === null) exact = (await asking.follow(list, query, take)) && exact;
    else {
      if (children.length > 0) await asking.follow(list, query, take, true);
      [part, rows] = [total, total];
      // Those that were read stand for the others.
      for (let index = 0; listed.length > 0 && listed.length < total; index += 1) listed.push(listed[index]);
    }
    parts.push(part);
  }
  if (definition.list.detail !== undefined && sample !== undefined)
    await probe({ ...definition.list, path: definition.list.detail, single: true }, textsOf(sample), options);
  if (!exact) {
    options.warn(
      `There are more ${definition.name} than the ${rows} that check counted: the load takes longer than estimated`,
    );
  }
  return { definition, status: "ok", problem: null, size: { kind: "list", rows, parts }, exact, listed };
}

/** The number of rows of a list with more pages than one, as another object tells it; null when none does. */
async function countedTotal(
  definition: ObjectDefinition,
  context: { list: ListDefinition; query: Readonly<Record<string, string>>; asking: Asking },
): Promise<number | null> {
  if (!definition.sizeHints?.total) return null;
  const { next } = await context.asking.first(context.list, {}, context.query);
  return next === null ? null : hintedTotal(definition, context.asking);
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

/** Is the one whose requests are made from rows of `parent`? */
function isMadeFrom(parent: ObjectDefinition): (object: ObjectDefinition) => boolean {
  return (object) => neededBy(object).some(({ name }) => name === parent.name);
}

async function surveyChild(plan: Surveying, found: Survey, options: SurveyOptions): Promise<Surveyed> {
  const { definition, children } = plan;
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

  if (children.length > 0) {
    const under = await listUnder(definition, keyed.map(keyOf), options.asking);
    // What they have of their parents is part of them, as in the table.
    const listed = keyed.flatMap(({ key }, index) =>
      (under.items[index] ?? []).map((item) => ({ ...(item as object | null), ...key })),
    );
    const size = scopes((index) => under.items[index]?.length ?? 0);
    return { ...nothing, status: "ok", size, exact: above.exact && under.whole, listed };
  }
  if (list.single || countedBy) {
    await probe(list, probeUnder(keyed, told), options);
    const exact = above.exact && told.every((count) => count !== undefined || list.single === true);
    const size = scopes((index) => (list.single ? 1 : (told[index] ?? 1)));
    return { ...nothing, status: "ok", size, exact };
  }
  const sampled = await sampleScopes(definition, keyed.map(keyOf), { asking: options.asking, survey: found });
  return {
    ...nothing,
    status: "ok",
    size: scopes((index) => sampled.rows[index] ?? 0),
    exact: above.exact && sampled.whole,
  };
}

/** The item's own texts, which the path of its own GET takes. */
function textsOf(item: unknown): KeyValues {
  const texts = Object.entries((item ?? {}) as object).filter((entry) => typeof entry[1] === "string");
  return Object.fromEntries(texts) as KeyValues;
}

function keyOf({ key }: Keyed): KeyValues {
  return key;
}

/** A parent in the middle of those that have rows: neither the largest nor an empty one. */
function probeUnder(keyed: readonly { readonly key: KeyValues }[], told: readonly unknown[]): KeyValues {
  const filled = keyed.filter((_, index) => told[index] !== 0);
  const among = filled.length > 0 ? filled : keyed;
  return among[Math.floor(among.length / 2)]?.key ?? {};
}

async function probe(list: ListDefinition, under: KeyValues, options: SurveyOptions): Promise<void> {
  try {
    await options.asking.first(list, under);
  } catch (error) {
    // The parent (or the item) ended since it was listed: that says nothing about the object.
    if (!(error instanceof TerminalError) || error.code !== "OKTA_NOT_FOUND") throw error;
  }
}
