import type { KeyValues, ObjectDefinition } from "@tidemark/catalog";
import { TerminalError, TidemarkError } from "@tidemark/kernel";

import { isFatal } from "../outcome.js";
import type { Asking } from "./asking.js";
import { type Survey, valueAt } from "./survey.js";

/** After so many samples that fill next to nothing of their page, the rest is taken to fit on one page too. */
const CERTAIN_AFTER = 3;
const NEXT_TO_NOTHING = 0.1;
/** Of one object, in all and under one parent; a parent cut short is taken for this many times what was seen of it. */
const MOST_REQUESTS = 30;
const MOST_PAGES = 4;
const CUT_SHORT = 2;
/** Rows of the other object whose parents are asked for at most: the largest ones. */
const MOST_THROUGH = 15;

/** Rows below each parent, as far as a few questions can tell. */
export interface Sampled {
  readonly rows: readonly number[];
  /** Every parent was asked. */
  readonly whole: boolean;
}

/**
 * How many rows each parent has when nothing counts them: parents that large groups and the like bring rows to are
 * known from these; of the others some, spread evenly, are asked for, and stand for their neighbours.
 */
export async function sampleScopes(
  definition: ObjectDefinition,
  parents: readonly KeyValues[],
  context: { asking: Asking; survey: Survey },
): Promise<Sampled> {
  const { asking } = context;
  const pageSize = Math.max(1, definition.list.pageSize);
  const through = await broughtRows(definition, context);
  const rows = parents.map((key) => through.get(idOf(key)) ?? 0);
  const small = parents.map((_, index) => index).filter((index) => (rows[index] ?? 0) <= pageSize);
  const samples = await takeSamples(definition, small.map((index) => parents[index] ?? {}), asking);
  small.forEach((index, place) => {
    const nearest = samples.reduce<Sample | null>(
      (best, sample) => (best === null || Math.abs(sample.place - place) < Math.abs(best.place - place) ? sample : best),
      null,
    );
    rows[index] = Math.max(rows[index] ?? 0, nearest?.rows ?? 0);
  });
  return { rows, whole: samples.length === parents.length && samples.every((sample) => sample.whole) };
}

interface Sample {
  readonly place: number;
  readonly rows: number;
  readonly whole: boolean;
}

async function takeSamples(definition: ObjectDefinition, parents: readonly KeyValues[], asking: Asking): Promise<Sample[]> {
  const pageSize = Math.max(1, definition.list.pageSize);
  const samples: Sample[] = [];
  let left = MOST_REQUESTS;
  let wanted = MOST_REQUESTS;
  for (const place of spread(parents.length, MOST_REQUESTS)) {
    if (left <= 0 || samples.length >= wanted) break;
    const counted = await countUnder(definition, parents[place] ?? {}, { asking, most: Math.min(MOST_PAGES, left) });
    // How much the bucket can spare is known once it has answered.
    if (samples.length === 0) left = wanted = asking.samples(definition.list.path);
    left -= counted?.pages ?? 1;
    if (counted === null) continue;
    samples.push({ place, rows: counted.whole ? counted.rows : counted.rows * CUT_SHORT, whole: counted.whole });
    if (samples.length === CERTAIN_AFTER && samples.every(({ rows }) => rows <= pageSize * NEXT_TO_NOTHING)) break;
  }
  return samples;
}

async function countUnder(
  definition: ObjectDefinition,
  parent: KeyValues,
  context: { asking: Asking; most: number },
): Promise<{ rows: number; pages: number; whole: boolean } | null> {
  try {
    return await context.asking.count(definition.list, parent, context.most);
  } catch (error) {
    // It ended since it was listed.
    if (error instanceof TerminalError && error.code === "OKTA_NOT_FOUND") return null;
    throw error;
  }
}

/** At most `wanted` places of 0…length-1: the middle, then the quarters, the eighths …; wherever it stops, they are spread. */
function spread(length: number, wanted: number): number[] {
  const places = new Set<number>();
  for (let parts = 1; parts <= 2 * length && places.size < Math.min(length, wanted); parts *= 2) {
    for (let part = 0; part < parts && places.size < wanted; part += 1) places.add(Math.floor(((part + 0.5) * length) / parts));
  }
  return [...places];
}

/** Parents → rows that come to them through the largest rows of the object that the hint names. */
async function broughtRows(
  definition: ObjectDefinition,
  context: { asking: Asking; survey: Survey },
): Promise<ReadonlyMap<string, number>> {
  const hint = definition.sizeHints?.through;
  const other = hint && context.survey.get(hint.object);
  const missing = new Map<string, number>();
  if (!hint || other?.status !== "ok") return new Map();
  const large = other.listed
    .map((item) => ({ item, size: Number(valueAt(item, hint.size)), links: Number(valueAt(item, hint.links)) }))
    .filter(({ size, links }) => size > definition.list.pageSize && links > 0)
    .toSorted((a, b) => b.size - a.size);
  const most = Math.max(0, ...other.listed.map((item) => Number(valueAt(item, hint.size))).filter(Number.isFinite));
  for (const { item, size } of large.slice(0, MOST_THROUGH)) {
    const key = Object.fromEntries(other.definition.key.map((column) => [column, String(valueAt(item, [column]))]));
    for (const parent of await linkedParents(hint.list, key, context.asking)) {
      // As if members of both were spread evenly: what the second brings is new as far as the first left room.
      missing.set(parent, (missing.get(parent) ?? most) * (1 - size / most));
    }
  }
  return new Map([...missing].map(([parent, rest]) => [parent, Math.round(most - rest)]));
}

async function linkedParents(list: Parameters<Asking["first"]>[0], key: KeyValues, asking: Asking): Promise<string[]> {
  try {
    const { items } = await asking.first(list, key);
    return items.map((item) => String(valueAt(item, ["id"])));
  } catch (error) {
    if (error instanceof TidemarkError && !isFatal(error)) return [];
    throw error;
  }
}

function idOf(key: KeyValues): string {
  return Object.values(key)[0] ?? "";
}
