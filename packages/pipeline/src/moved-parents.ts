import type { KeyValues, ObjectDefinition } from "@tidemark/catalog";
import { objectNamed } from "@tidemark/catalog";
import type { OktaClient } from "@tidemark/okta-client";

import type { Reading } from "./batches.js";
import { countsById } from "./judge.js";
import { itemOf, readBy, readEntryScopes, type ReadingOptions } from "./reading.js";
import type { WorkEntry } from "./work-list.js";

/** Parents asked for their count in one request. */
const COUNTED_AT_ONCE = 20;

/**
 * Brings the rows under those parents up to date whose watermark column moved (a group's `lastMembershipUpdated`) or
 * which the change feed names. A small parent is listed again: that proves everything. A large one (Everyone, a group
 * of 50,000) is changed by the add and remove events alone, if its rows then are as many as Okta counts; if not, it is
 * listed again as well.
 */
export async function* readMovedParents(
  options: ReadingOptions,
  since: number,
  entries: readonly WorkEntry[],
): AsyncGenerator<Reading> {
  const { definition } = options;
  if (definition.incremental.how !== "parent" || !definition.parent) return;
  const column = Object.keys(definition.parent.columns)[0] ?? "";
  const changes = new Map<string, Change>();
  const changeOf = (parent: string): Change => {
    const known = changes.get(parent) ?? { entries: [], pairs: new Map() };
    changes.set(parent, known);
    return known;
  };

  const listedBy: { parent: string; key: KeyValues }[] = [];
  for (const entry of entries.filter((candidate) => candidate.effect === "by")) {
    for await (const reading of readBy(options, entry)) {
      const { emission } = reading;
      const parent = emission.kind === "items" ? emission.parent[column] : undefined;
      // Only remembered: such a parent is a change of its own if it moved or an event names it.
      if (parent !== undefined) listedBy.push({ parent, key: { ...entry.key, [column]: parent } });
      yield reading;
    }
  }
  for (const entry of [...entries].sort((a, b) => a.seq - b.seq)) {
    const parent = entry.key[column];
    if (parent === undefined || entry.effect === "by") continue;
    const change = changeOf(parent);
    change.entries.push(entry);
    if (entry.effect === "scope") change.listAgain = true;
    else change.pairs.set(pairKey(parent, entry.key, column), { key: entry.key, present: entry.effect === "add" });
  }
  for await (const scope of options.known.parents(definition, { after: null, changedSince: since })) {
    const parent = scope.values[column];
    if (parent !== undefined) changeOf(parent);
  }
  for (const { parent, key } of listedBy) {
    changes.get(parent)?.pairs.set(pairKey(parent, key, column), { key, present: true });
  }
  yield* readChanges(options, changes, column);
}

interface Pair {
  readonly key: KeyValues;
  readonly present: boolean;
}

interface Change {
  readonly entries: WorkEntry[];
  readonly pairs: Map<string, Pair>;
  listAgain?: boolean;
}

function pairKey(parent: string, key: KeyValues, column: string): string {
  return JSON.stringify(Object.entries({ ...key, [column]: parent }).sort());
}

async function* readChanges(
  options: ReadingOptions,
  changes: ReadonlyMap<string, Change>,
  column: string,
): AsyncGenerator<Reading> {
  const { definition, known } = options;
  const largeScope = definition.incremental.how === "parent" ? definition.incremental.largeScope : 0;
  const listAgain = new Map<string, WorkEntry[]>();
  const large: { parent: string; change: Change; expected: number }[] = [];
  for (const [parent, change] of changes) {
    const stored = await known.count(definition, { [column]: parent });
    if (stored <= largeScope || change.listAgain) listAgain.set(JSON.stringify({ [column]: parent }), change.entries);
    else large.push({ parent, change, expected: await expectedCount(options, stored, change) });
  }
  for (let index = 0; index < large.length; index += COUNTED_AT_ONCE) {
    const group = large.slice(index, index + COUNTED_AT_ONCE);
    const counts = await parentCounts(
      options.client,
      definition,
      group.map(({ parent }) => parent),
    );
    for (const { parent, change, expected } of group) {
      if (counts.get(parent) !== expected) listAgain.set(JSON.stringify({ [column]: parent }), change.entries);
      else yield* readPairs(definition, change, column);
    }
  }
  yield* readEntryScopes(options, listAgain);
}

/** How many rows the parent has once its pairs are applied. */
async function expectedCount(options: ReadingOptions, stored: number, change: Change): Promise<number> {
  let expected = stored;
  for (const { key, present } of change.pairs.values()) {
    const there = (await options.known.count(options.definition, key)) > 0;
    if (present && !there) expected += 1;
    if (!present && there) expected -= 1;
  }
  return expected;
}

async function parentCounts(
  client: OktaClient,
  definition: ObjectDefinition,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const parent = definition.parent ? objectNamed(definition.parent.object) : undefined;
  if (!parent || !definition.countedBy) return new Map();
  const filter = ids.map((id) => `id eq "${id}"`).join(" or ");
  const answer = await client.get(parent.list.path, {
    query: { ...parent.list.query, ...definition.countedBy.query, filter },
  });
  return countsById(Array.isArray(answer.json) ? answer.json : [], "id", definition.countedBy);
}

async function* readPairs(definition: ObjectDefinition, change: Change, column: string): AsyncGenerator<Reading> {
  for (const { key, present } of change.pairs.values()) {
    if (!present) yield { emission: { kind: "removed", key, because: "event" } };
    else {
      const parent = { [column]: key[column] ?? "" };
      yield { emission: { kind: "items", items: [itemOf(definition, key)], parent, scoped: false, cursor: null } };
    }
  }
  yield { emission: { kind: "items", items: [], parent: {}, scoped: false, cursor: null }, settles: change.entries };
}
