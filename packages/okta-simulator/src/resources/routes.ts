import { oktaError } from "../errors.js";
import { bodyOf, type Context, limitOf, pageOf, type Reply } from "../http.js";
import type { JsonObject } from "../json.js";
import type { Router } from "../router.js";
import { RESOURCES } from "./all.js";
import {
  type Ancestors,
  idOf,
  type ResourceContext,
  type ResourceDefinition,
  type ResourceWrite,
} from "./definition.js";
import { shown } from "./items.js";

/** Last parameter of an item's path. */
const ITEM = "resourceId";

/** The paths of everything in {@link RESOURCES}. */
export function resourceRoutes(router: Router): void {
  for (const definition of RESOURCES) addRoutes(router, definition);
}

function addRoutes(router: Router, definition: ResourceDefinition): void {
  const { path, single } = definition;
  const item = single ? path : `${path}/{${ITEM}}`;
  if (single) router.add("GET", path, guarded(definition, readItem));
  else {
    if (definition.list !== null) router.add("GET", path, guarded(definition, listItems));
    if (definition.readable !== false) router.add("GET", item, guarded(definition, readItem));
    const { create } = definition;
    const posted = create?.path ? `${path}/${create.path}` : path;
    if (isOperation(create)) router.add("POST", posted, guarded(definition, createItem));
    if (definition.append) router.add("PATCH", path, guarded(definition, appendItems));
    if (definition.put) router.add(definition.put.method, item, guarded(definition, putItem));
  }
  const { replace, update } = definition;
  if (isOperation(definition.remove)) router.add("DELETE", item, guarded(definition, removeItem));
  if (isOperation(replace)) router.add("PUT", item, guarded(definition, writeItem(replace, false)));
  if (isOperation(update)) router.add(update.method ?? "POST", item, guarded(definition, writeItem(update, true)));
  for (const [name, action] of Object.entries(definition.actions ?? {})) {
    if (!isOperation(action)) continue;
    const below = action.path === "" ? item : `${item}/${action.path ?? `lifecycle/${name}`}`;
    router.add(action.method ?? "POST", below, guarded(definition, writeItem(action, true)));
  }
}

function isOperation<T extends { readonly byHttp?: false }>(write: T | undefined): write is T {
  return write !== undefined && write.byHttp !== false;
}

interface Call {
  readonly context: Context;
  readonly definition: ResourceDefinition;
  readonly ancestors: Ancestors;
  readonly within: ResourceContext;
}

/** Answers 401 E0000015 without the feature, 404 under an ancestor that is gone, and only then does the work. */
function guarded(definition: ResourceDefinition, work: (call: Call) => Reply): (context: Context) => Reply {
  return (context) => {
    const { org, base } = context;
    if (definition.feature !== undefined && org.withoutFeatures.has(definition.feature)) throw oktaError("E0000015");
    const asked = Object.keys(definition.ancestors ?? {}).map((name) => [name, context.params[name] ?? ""] as const);
    const ancestors = context.resources.checkAncestors(definition, Object.fromEntries(asked));
    const hidden = Object.values(ancestors).find((id) => !context.sees(id));
    if (hidden !== undefined) throw oktaError("E0000007", { arg: `Resource not found: ${hidden}` });
    const { resources, query } = context;
    return work({ context, definition, ancestors, within: { org, resources, ancestors, base, query } });
  };
}

function listItems({ context, definition, ancestors, within }: Call): Reply {
  const { org } = context;
  const list = definition.list ?? {};
  list.check?.(context.query, within);
  noteReading(definition, within);
  const row = (item: JsonObject): JsonObject => {
    const whole = shown(definition, item, within);
    return list.row ? list.row(whole, context.query, within) : whole;
  };
  const all = context.resources
    .list(definition, ancestors, context.query.has("search") ? org.searchedAt() : org.listedAt())
    .filter((item) => context.sees(idOf(definition, item)) && (list.matches?.(item, context.query) ?? true));
  if (list.newestFirst) all.reverse();
  if (list.wrapped) return wrappedPage({ context, definition, items: all, row });
  const { page } = list;
  if (!page) return { status: 200, rows: all.map((item) => JSON.stringify(row(item))) };
  const parameter = page.parameter ?? "limit";
  const limit = parameter === "limit" ? limitOf(context, page) : Number(context.query.get(parameter) ?? page.fallback);
  const { items, next } = slice(all, { after: context.query.get("after"), limit, definition });
  const rows = items.map((item) => JSON.stringify(row(item)));
  return pageOf(context, rows, { parameter, limit, next });
}

/** A body `{at: […], _links: {next}}`. */
function wrappedPage(options: {
  readonly context: Context;
  readonly definition: ResourceDefinition;
  readonly items: readonly JsonObject[];
  readonly row: (item: JsonObject) => JsonObject;
}): Reply {
  const { context, definition } = options;
  const { at, size } = definition.list?.wrapped ?? { at: "items" };
  const limit = size === undefined ? Infinity : limitOf(context, { fallback: size, max: size });
  const { items, next } = slice(options.items, { after: context.query.get("after"), limit, definition });
  const body: JsonObject = { [at]: items.map(options.row) };
  if (size === undefined) return { status: 200, json: JSON.stringify(body) };
  const href = `${context.base}${context.path}?after=${encodeURIComponent(next ?? "")}`;
  return { status: 200, json: JSON.stringify({ ...body, _links: next === undefined ? {} : { next: { href } } }) };
}

function slice(
  items: readonly JsonObject[],
  { after, limit, definition }: { after: string | null; limit: number; definition: ResourceDefinition },
): { items: readonly JsonObject[]; next: string | undefined } {
  const start = after ? items.findIndex((item) => idOf(definition, item) === after) + 1 : 0;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  return { items: page, next: last && start + limit < items.length ? idOf(definition, last) : undefined };
}

function itemIdOf({ context, definition }: Call): string {
  const id = definition.single ? "" : (context.params[ITEM] ?? "");
  if (!context.sees(id)) throw oktaError("E0000007", { arg: `Resource not found: ${id} (${definition.kind})` });
  return id;
}

function readItem(call: Call): Reply {
  const { context, definition, ancestors, within } = call;
  const item = context.resources.get(definition, ancestors, itemIdOf(call));
  noteReading(definition, within);
  const whole = shown(definition, item, within);
  const row = definition.single && definition.list?.row;
  return { status: 200, json: JSON.stringify(row ? row(whole, context.query, within) : whole) };
}

function noteReading({ readEvent }: ResourceDefinition, within: ResourceContext): void {
  if (readEvent) within.org.happened({ type: readEvent.type, targets: readEvent.targets(within) });
}

function createItem({ context, definition, ancestors, within }: Call): Reply {
  const { base, query } = context;
  const item = context.resources.create({ definition, ancestors, base, query, body: bodyOf(context) });
  return answer(definition.create, item, { definition, within });
}

function putItem({ context, definition, ancestors, within }: Call): Reply {
  const { base } = context;
  const body = { ...bodyOf(context), id: context.params[ITEM] ?? "" };
  const item = context.resources.create({ definition, ancestors, base, body, write: definition.put });
  return answer(definition.put, item, { definition, within });
}

function appendItems({ context, definition, ancestors, within }: Call): Reply {
  const { base } = context;
  const write = definition.append;
  const bodies = write?.each(bodyOf(context)) ?? [];
  if (bodies.length === 0) throw oktaError("E0000001", { arg: "additions" });
  const items = bodies.map((body) => context.resources.create({ definition, ancestors, base, body, write }));
  return answer(write, items[0] ?? {}, { definition, within });
}

function writeItem(write: ResourceWrite, partial: boolean): (call: Call) => Reply {
  return (call) => {
    const { context, definition, ancestors, within } = call;
    const { base, query } = context;
    const request = { definition, ancestors, base, query, body: bodyOf(context), id: itemIdOf(call), write, partial };
    return answer(write, context.resources.write(request), { definition, within });
  };
}

function removeItem(call: Call): Reply {
  const { context, definition, ancestors } = call;
  const { base, query, resources } = context;
  const id = itemIdOf(call);
  const done = definition.remove?.again && !resources.find(definition, ancestors, id);
  if (!done) resources.remove({ definition, ancestors, base, query, body: {}, id });
  return { status: definition.remove?.status ?? 204 };
}

function answer(
  write: ResourceWrite | undefined,
  item: JsonObject,
  { definition, within }: { definition: ResourceDefinition; within: ResourceContext },
): Reply {
  const status = write?.status ?? 200;
  if (status === 204 || write?.answer === "empty") return { status };
  return { status, json: JSON.stringify(write?.answer ? write.answer(item, within) : shown(definition, item, within)) };
}
