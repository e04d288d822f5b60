import type { ObjectDefinition, Preset } from "./definition.js";
import { OBJECTS } from "./registry.js";
import { type RequestCosts, requestCosts } from "./requests.js";

/** An object as `tidemark objects` shows it. Names are stable: scripts read them. */
export interface ObjectDescription {
  readonly object: string;
  readonly summary: string;
  /** What other products call it. */
  readonly aliases: readonly string[];
  readonly preset: Preset;
  /** Tables that it fills, its own first. */
  readonly tables: readonly string[];
  readonly key: readonly string[];
  /** The object whose rows it is listed from. */
  readonly parent: string | null;
  readonly incremental: { readonly how: ObjectDefinition["incremental"]["how"]; readonly detail: string };
  /** Evidence that its deletes rest on, the surest first. */
  readonly deletes: readonly DeleteEvidence[];
  readonly insert: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly twoWay: boolean;
  /** In words, e.g. `1 a page of 200`, `1 a user`. */
  readonly requests: RequestCosts;
  /** It is reconciled so many times as seldom as the pipeline says. */
  readonly reconcileFactor: number;
  /** OAuth scopes that reading needs. */
  readonly scopes: readonly string[];
  /** Admin roles that can read it, weakest first. */
  readonly adminRoles: readonly string[];
}

/** A delete event, a 404 on refetch, the end of a row that it belongs to, absence from a complete listing. */
export type DeleteEvidence = "event" | "not found" | "parent" | "absence";

/** All objects in catalog order. */
export function describeObjects(): ObjectDescription[] {
  return OBJECTS.map((definition) => ({
    object: definition.name,
    summary: definition.summary,
    aliases: definition.aliases,
    preset: definition.preset,
    tables: [...new Set([definition.name, ...(definition.children ?? []).map((child) => child.name)])],
    key: definition.key,
    parent: parentText(definition),
    incremental: { how: definition.incremental.how, detail: incrementalDetail(definition) },
    deletes: deleteEvidence(definition),
    insert: definition.writes.insert,
    update: definition.writes.update,
    delete: definition.writes.delete,
    twoWay: definition.writes.twoWay,
    requests: requestCosts(definition),
    reconcileFactor: definition.reconcileFactor ?? 1,
    scopes: definition.scopes,
    adminRoles: definition.adminRoles,
  }));
}

/** What it is listed under: one object's rows, those of several, or each of one for each of another. */
function parentText({ parent }: ObjectDefinition): string | null {
  if (parent === undefined) return null;
  const objects = [parent.object, ...(parent.also ?? [])].join(", ");
  return parent.times ? `${objects} × ${parent.times.object}` : objects;
}

function incrementalDetail({ incremental, parent, list }: ObjectDefinition): string {
  switch (incremental.how) {
    case "filter":
      return `${list.path}?${incremental.parameter}=${incremental.expression.replaceAll("{since}", "…")}`;
    case "parent":
      return `listed again for ${parent?.object ?? "parents"} whose ${incremental.parentColumn} moved; above ${incremental.largeScope} rows by log events`;
    case "log":
      return "what System Log events name is read again";
    case "compare":
      return "listed whole and compared by hash";
    case "reconcile":
      return "listed again by the reconcile";
    case "append":
      return "the feed's own cursor";
    default:
      return incremental satisfies never;
  }
}

function deleteEvidence(definition: ObjectDefinition): DeleteEvidence[] {
  if (definition.incremental.how === "append") return [];
  const effects = new Set(definition.events.map((rule) => rule.effect));
  const found: DeleteEvidence[] = [];
  if (effects.has("gone") || effects.has("remove")) found.push("event");
  // Where a listing hides rows, what is absent from it is read singly.
  const isReadSingly = effects.has("row") || effects.has("reference") || definition.listingHides === true;
  if (definition.get && isReadSingly) found.push("not found");
  if (definition.parent || definition.references) found.push("parent");
  return definition.listingHides ? found : [...found, "absence"];
}
