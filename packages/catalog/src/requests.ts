import type { ListDefinition, ObjectDefinition, ParentDefinition } from "./definition.js";

/** Requests that reading an object takes, in words: what each is for. */
export interface RequestCosts {
  /** Everything, as a first load or a reconcile reads it. */
  readonly first: string;
  /** A run after which nothing had changed. */
  readonly idle: string;
}

/** What reading an object costs, as far as its declaration tells. */
export function requestCosts(definition: ObjectDefinition): RequestCosts {
  const first = listCost(definition);
  return { first, idle: idleCost(definition, first) };
}

function idleCost({ incremental, parent, describesProfileOf }: ObjectDefinition, first: string): string {
  // Read before everything else in each run: columns are made from it.
  if (describesProfileOf !== undefined) return first;
  switch (incremental.how) {
    case "compare":
      return first;
    case "filter":
    case "append":
      return "1";
    case "log":
    case "parent":
    case "reconcile":
      return parent?.neverEmpty ? `0 (1 ${a(singular(parent.object))} without rows)` : "0";
    default:
      return incremental satisfies never;
  }
}

function listCost({ list, parent, countedBy }: ObjectDefinition): string {
  const detail = list.detail === undefined ? "" : ", 1 an item";
  if (!parent) return `${pages(list)}${variants(list)}${detail}`;
  const scope = scopeText(parent);
  const under = list.pageSize > 0 ? `${pages(list)} for each ${scope}` : `1 ${a(scope)}`;
  const unlisted = parent.values ? `, ${parent.values.length} more` : "";
  const empty = countedBy ? ` (none where its own row says that there is nothing)` : "";
  return `${under}${empty}${unlisted}${variants(list)}${detail}`;
}

function pages({ pageSize }: ListDefinition): string {
  return pageSize > 0 ? `1 a page of ${pageSize.toLocaleString("en-US")}` : "1";
}

function variants(list: ListDefinition): string {
  return list.variants ? ` for each of ${list.variants.length} queries` : "";
}

/** What the list is asked for once each, e.g. `user and linked object definition`, `application (sign_on_mode …)`. */
function scopeText({ object, also = [], where = {}, times }: ParentDefinition): string {
  const names = [object, ...also].map(singular);
  const lastWords = new Set(names.map((name) => name.split(" ").at(-1)));
  const [word = ""] = lastWords;
  const kinds = names.length > 1 && lastWords.size === 1 ? word : names.join(" or ");
  const conditions = Object.entries(where).map(([column, values]) => `${column} ${values.join(", ")}`);
  const only = conditions.length > 0 ? ` (${conditions.join("; ")})` : "";
  return `${kinds}${times ? ` and ${singular(times.object)}` : ""}${only}`;
}

function singular(object: string): string {
  return object.replaceAll("_", " ").replace(/ies$/, "y").replace(/s$/, "");
}

function a(text: string): string {
  return `${/^[aeio]/.test(text) ? "an" : "a"} ${text}`;
}
