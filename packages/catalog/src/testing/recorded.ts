import { existsSync, readdirSync, readFileSync } from "node:fs";

import type { ObjectDefinition } from "../definition.js";
import { OBJECTS } from "../registry.js";
import type { KeyValues } from "../table.js";
import { valueAt } from "../value-at.js";
import { FACTS } from "./openapi.js";

/** A recorded answer of Okta that is an item of `definition`. */
export interface Recorded {
  readonly definition: ObjectDefinition;
  readonly id: string;
  readonly parent: KeyValues;
  readonly item: Readonly<Record<string, unknown>>;
}

interface Line {
  readonly id: string;
  readonly via: readonly string[];
  readonly parents: readonly (readonly [string, string])[];
  readonly object: Readonly<Record<string, unknown>>;
}

/** Every recorded object of the catalog's kinds, found by the path it was recorded at; null where none are at hand. */
export function recordedObjects(): Recorded[] | null {
  const folder = new URL("payloads/objects/", FACTS);
  if (!existsSync(folder)) return null;
  const byPath = new Map<string, ObjectDefinition[]>();
  for (const definition of OBJECTS) {
    for (const path of [definition.get?.path, definition.list.path, definition.list.detail]) {
      if (path !== undefined) byPath.set(shape(path), [...(byPath.get(shape(path)) ?? []), definition]);
    }
  }
  const found: Recorded[] = [];
  for (const file of readdirSync(folder)) {
    for (const text of readFileSync(new URL(file, folder), "utf8").split("\n")) {
      if (text === "") continue;
      const line = JSON.parse(text) as Line;
      const definition = definitionOf(line, byPath);
      if (definition) found.push({ definition, id: line.id, parent: parentOf(definition, line), item: line.object });
    }
  }
  return found;
}

function definitionOf(
  line: Line,
  byPath: ReadonlyMap<string, readonly ObjectDefinition[]>,
): ObjectDefinition | undefined {
  for (const via of line.via) {
    const path = via.slice(via.indexOf(" ") + 1);
    const found = [...placesOf(path)].flatMap((place) => byPath.get(shape(place)) ?? []);
    const definition = found.find(({ only }) => only === undefined || valueAt(line.object, only.path) === only.value);
    if (definition) return definition;
  }
  return undefined;
}

/** Paths of the list or of the single GET whose items an answer from `path` looks like, the likeliest first. */
function* placesOf(path: string): Generator<string> {
  yield path;
  // The default user type's schema and the default authorization server are recorded under their alias.
  yield path.replace(/\/default(?=\/|$)/, "/{id}");
  // Some actions answer with the whole object.
  const item = path.replace(/\/lifecycle\/\w+$/, "");
  yield item;
  // Of what has no single GET in the catalog the list has the same items.
  yield item.replace(/\/\{\w+\}$/, "");
  // A user's groups are groups.
  if (path === "/api/v1/users/{id}/groups") yield "/api/v1/groups";
}

function shape(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}

/** The values of the path above the item, in the path's order. */
function parentOf({ parent, list }: ObjectDefinition, line: Line): KeyValues {
  const columns = Object.keys({ ...parent?.columns, ...parent?.times?.columns });
  const inPath = [...list.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  return Object.fromEntries(columns.map((column) => [column, line.parents[inPath.indexOf(column)]?.[1] ?? "default"]));
}
