import { type KeyValues, type ObjectDefinition, valueAt } from "@tidemark/catalog";
import { TerminalError, TidemarkError } from "@tidemark/kernel";

import { isFatal } from "../outcome.js";
import type { Asking } from "./asking.js";
import { type Survey } from "./surveyed.js";

/** After so many samples that fill next to nothing of their page, the rest is taken to fit on one page too. */
const CERTAIN_AFTER = 3;
/** An unpaged list is one request whatever it holds: samples only tell how many rows there are. */
const ENOUGH_UNPAGED = 20;
const NEXT_TO_NOTHING = 0.1;
/** Requests for samples of one object: a part of its parents, and pages of one parent. */
const MOST_REQUESTS = 40;
const PART_OF_PARENTS = 0.1;
const MOST_PAGES = 4;
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
  const pageSize = pageSizeOf(definition);
  const through = await broughtRows(definition, context);
  const rows = parents.map((key) => through.get(idOf(key)) ?? 0);
  const small = parents.map((_, index) => index).filter((index) => (rows[index] ?? 0) <= pageSize);
  const sampling = new Sampling(definition, { ...context, parents: small.map((index) => parents[index] ?? {}) });
  const samples = await sampling.take();
  small.forEach((index, place) => {
    rows[index] = Math.max(rows[index] ?? 0, between(samples, place));
  });
  return { rows, whole: samples.length === parents.length && samples.every((sample) => sample.whole) };
}

interface Sample {
  readonly place: number;
  readonly rows: number;
  readonly whole: boolean;
}

/** Samples of one object's parents; half of them evenly spread, the others where neighbours differ most. */
class Sampling {
  readonly #definition: ObjectDefinition;
  readonly #parents: readonly KeyValues[];
  readonly #asking: Asking;
  /** No parent has more rows than there are rows to refer to. */
  readonly #most: number;
  readonly #samples: Sample[] = [];
  readonly #tried = new Set<number>();
  #spent = 0;

  constructor(
    definition: ObjectDefinition,
    context: { asking: Asking; survey: Survey; parents: readonly KeyValues[] },
  ) {
    this.#definition = definition;
    this.#parents = context.parents;
    this.#asking = context.asking;
    const sizes = Object.values(definition.references ?? {})
      .flat()
      .filter((name) => name !== definition.parent?.object)
      .flatMap((name) => {
        const size = context.survey.get(name)?.size;
        return size?.kind === "list" ? [size.rows] : [];
      });
    this.#most = Math.min(...sizes);
  }

  /** In the order of their places. */
  async take(): Promise<readonly Sample[]> {
    const { length } = this.#parents;
    const pageSize = pageSizeOf(this.#definition);
    const few = this.#asking.samples(this.#definition.list.path);
    const unpaged = Math.max(CERTAIN_AFTER, Math.min(ENOUGH_UNPAGED, Math.floor(few / 2)));
    const enough = Number.isFinite(pageSize) ? CERTAIN_AFTER : unpaged;
    for (const place of spread(length, MOST_REQUESTS)) {
      if (this.#spent * 2 >= this.#budget()) break;
      await this.#sample(place);
      const certain =
        this.#samples.length >= enough && this.#samples.every(({ rows }) => rows <= pageSize * NEXT_TO_NOTHING);
      if (certain) return this.#samples;
    }
    for (let place = this.#roughest(); place !== null && this.#spent < this.#budget(); place = this.#roughest())
      await this.#sample(place);
    return this.#samples;
  }

  #budget(): number {
    const few = this.#asking.samples(this.#definition.list.path);
    return Math.min(MOST_REQUESTS, Math.max(few, Math.floor(this.#parents.length * PART_OF_PARENTS)));
  }

  async #sample(place: number): Promise<void> {
    this.#tried.add(place);
    const most = Math.min(MOST_PAGES, Math.max(1, this.#budget() - this.#spent));
    const counted = await countUnder(this.#definition, this.#parents[place] ?? {}, { asking: this.#asking, most });
    this.#spent += counted?.pages ?? 1;
    if (counted === null) return;
    const seen = counted.items.length;
    const rows = counted.whole ? seen : this.#beyond(seen);
    this.#samples.push({ place, rows, whole: counted.whole });
    this.#samples.sort((a, b) => a.place - b.place);
  }

  /** How many rows a parent has of which only `seen` were read: the mean where sizes fall off as 1/rank does (Zipf). */
  #beyond(seen: number): number {
    const most = this.#most;
    return most > seen && Number.isFinite(most) ? Math.round((seen * Math.log(most / seen)) / (1 - seen / most)) : seen;
  }

  /** The middle between those neighbours whose difference matters most for the sum; null when none is left. */
  #roughest(): number | null {
    let roughest: { place: number; weight: number } | null = null;
    for (const [index, to] of this.#samples.entries()) {
      const from = this.#samples[index - 1];
      if (!from) continue;
      const place = Math.floor((from.place + to.place) / 2);
      const weight = Math.abs(to.rows - from.rows) * (to.place - from.place - 1);
      if (!this.#tried.has(place) && weight > (roughest?.weight ?? 0)) roughest = { place, weight };
    }
    return roughest?.place ?? null;
  }
}

/** Rows at a place, on the line between the samples on its sides. */
function between(samples: readonly Sample[], place: number): number {
  const after = samples.findIndex((sample) => sample.place >= place);
  const to = samples[after];
  const from = after === -1 ? samples.at(-1) : samples[after - 1];
  if (!to || !from) return (to ?? from)?.rows ?? 0;
  return Math.round(from.rows + ((to.rows - from.rows) * (place - from.place)) / (to.place - from.place));
}

/** Items of a page; unbounded where the list has none. */
function pageSizeOf({ list }: ObjectDefinition): number {
  return list.pageSize > 0 ? list.pageSize : Infinity;
}

/** Items under each parent of an object that has children of its own. */
export interface ListedUnder {
  readonly items: readonly (readonly unknown[])[];
  /** Every parent was asked. */
  readonly whole: boolean;
}

/**
 * What is under each parent, when others are listed under that in turn: of few parents all are asked, of many some, spread
 * evenly, whose items stand for those of their neighbours.
 */
export async function listUnder(
  definition: ObjectDefinition,
  parents: readonly KeyValues[],
  asking: Asking,
): Promise<ListedUnder> {
  const places = spread(parents.length, Math.max(MOST_REQUESTS, asking.samples(definition.list.path)));
  const read = new Map<number, readonly unknown[]>();
  let whole = places.length === parents.length;
  for (const place of places) {
    const under = await countUnder(definition, parents[place] ?? {}, { asking, most: MOST_PAGES });
    read.set(place, under?.items ?? []);
    whole &&= under?.whole !== false;
  }
  const asked = [...read.keys()].toSorted((a, b) => a - b);
  const nearest = (index: number): number => asked.find((place) => place >= index) ?? asked.at(-1) ?? index;
  return { items: parents.map((_, index) => read.get(nearest(index)) ?? []), whole };
}

async function countUnder(
  definition: ObjectDefinition,
  parent: KeyValues,
  context: { asking: Asking; most: number },
): Promise<{ items: readonly unknown[]; pages: number; whole: boolean } | null> {
  try {
    return await context.asking.under(definition.list, parent, context.most);
  } catch (error) {
    // It ended since it was listed.
    if (error instanceof TerminalError && error.code === "OKTA_NOT_FOUND") return null;
    throw error;
  }
}

/** At most `wanted` places of 0…length-1: the ends, the middle, the quarters, the eighths …; wherever it stops, they are spread. */
function spread(length: number, wanted: number): number[] {
  const places = new Set<number>(length === 0 ? [] : [0, length - 1]);
  for (let parts = 1; parts <= 2 * length && places.size < Math.min(length, wanted); parts *= 2) {
    for (let part = 0; part < parts && places.size < wanted; part += 1)
      places.add(Math.floor(((part + 0.5) * length) / parts));
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
