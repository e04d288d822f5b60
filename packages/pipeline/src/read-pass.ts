import type { Emission } from "@tidemark/extractor";

import type { Reading } from "./batches.js";
import { readMovedParents } from "./moved-parents.js";
import type { OpenObject } from "./opened-object.js";
import { readAll, readAppended, readChanged, readOrphans, readWorkList } from "./reading.js";
import type { WorkEntry } from "./work-list.js";

/** Everything this pass reads from Okta, in the order in which it may be committed. */
export async function* readPass(object: OpenObject): AsyncGenerator<Reading> {
  const gone = object.entries.filter((entry) => entry.effect === "gone");
  const others = object.entries.filter((entry) => entry.effect !== "gone");
  // What events prove gone goes first: a lagging list must not bring it back later in the same commit.
  for (const entry of gone) yield { emission: { kind: "removed", key: entry.key, because: "event" }, settles: [entry] };
  if (object.ids) yield* readIds(object, object.ids);
  else if (object.pass.mode === "incremental") yield* readIncrement(object, others);
  else {
    yield* readEverything(object);
    yield settle(others);
  }
}

async function* readEverything(object: OpenObject): AsyncGenerator<Reading> {
  if (object.definition.incremental.how === "append") {
    yield* readAppended(object.reading, object.appendFrom);
    return;
  }
  const shared = await object.sharedRead();
  if (shared) {
    if (shared.error) throw shared.error;
    for (const emission of shared.emissions) yield { emission };
    yield* readOrphans(object.reading);
    return;
  }
  // Until something is in the table nothing can be absent from it, and rows may be merged as they come.
  yield* readAll(object.reading, object.definition.parent !== undefined || !object.plan.firstLoad);
}

async function* readIncrement(object: OpenObject, entries: readonly WorkEntry[]): AsyncGenerator<Reading> {
  const { definition, reading, since } = object;
  switch (definition.incremental.how) {
    case "filter":
      yield* readWorkList(reading, entries);
      yield* readChanged(reading, since);
      return;
    case "parent":
      if (entries.some((entry) => entry.effect === "whole")) yield* readWorkList(reading, entries);
      else yield* readMovedParents(reading, since, entries);
      return;
    case "log":
    case "reconcile":
      yield* readWorkList(reading, entries);
      return;
    case "compare":
      yield* readEverything(object);
      yield settle(entries);
      return;
    case "append":
      yield* readAppended(reading, object.appendFrom);
      return;
    default:
      definition.incremental satisfies never;
  }
}

/** `--ids`: single rows, or the whole listing of the named parents for objects below one. */
async function* readIds(object: OpenObject, ids: readonly string[]): AsyncGenerator<Reading> {
  const { definition } = object;
  const column = definition.parent ? (Object.keys(definition.parent.columns)[0] ?? "") : (definition.key[0] ?? "");
  const effect = definition.parent ? "scope" : "row";
  const entries = ids.map((id, seq): WorkEntry => ({
    id: "",
    object: definition.name,
    effect,
    key: { [column]: id },
    eventAt: 0,
    seq,
  }));
  for await (const { emission } of readWorkList(object.reading, entries)) yield { emission };
}

function settle(entries: readonly WorkEntry[]): Reading {
  const emission: Emission = { kind: "items", items: [], parent: {}, scoped: false, cursor: null };
  return { emission, settles: entries };
}
