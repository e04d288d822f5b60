import { oktaError } from "../errors.js";
import { instantText, isObject, type JsonObject, valueAt } from "../json.js";
import type { Org } from "../org/org.js";
import { VersionedMap } from "../org/versioned.js";
import { RESOURCES } from "./all.js";
import {
  type Ancestors,
  type Effects,
  idOf,
  type ResourceContext,
  type ResourceDefinition,
  type ResourceWrite,
  type WritableResources,
  type WriteRequest,
} from "./definition.js";

/** Items of one collection under one ancestor. */
interface Collection {
  readonly ids: string[];
  readonly items: VersionedMap<JsonObject>;
}

/** Items under one set of ancestors. */
export interface ResourceTruth {
  /** Their ids, in the path's order. */
  readonly ancestors: readonly string[];
  readonly items: readonly JsonObject[];
}

/** Everything that {@link RESOURCES} declare, as the org has it. What nobody wrote to is computed from its seed at every reading. */
export class ResourceStore implements WritableResources {
  readonly #org: Org;
  readonly #collections = new Map<string, Collection>();

  constructor(org: Org) {
    this.#org = org;
  }

  /** The declaration of that name. */
  named(name: string): ResourceDefinition {
    const found = RESOURCES.find((one) => one.name === name);
    if (!found) throw new RangeError(`no resource is called ${name}`);
    return found;
  }

  /** Items in the order of their creation, as of `at` (Infinity: now). */
  list(definition: ResourceDefinition, ancestors: Ancestors, at = Infinity): readonly JsonObject[] {
    if (definition.derived) return definition.derived(this.context({ ancestors, base: "" }), at);
    if (definition.follows) return [...this.#following(definition, ancestors, at)];
    const { ids, items } = this.#collection(definition, ancestors);
    const context = this.context({ ancestors, base: "" });
    return ids
      .map((_, index) => items.get(index, at))
      .filter((item) => item !== null && item !== undefined)
      .filter((item) => definition.present?.(item, context) ?? true);
  }

  /** The item as it is now; undefined when there is none. */
  find(definition: ResourceDefinition, ancestors: Ancestors, id: string): JsonObject | undefined {
    if (definition.derived) return this.list(definition, ancestors).find((item) => idOf(definition, item) === id);
    const { ids, items } = this.#collection(definition, ancestors);
    const index = ids.lastIndexOf(id);
    if (definition.follows) {
      const seeded = this.#seedOf(definition, ancestors).get(id);
      return seeded && (items.get(index) ?? seeded);
    }
    const exact = index < 0 ? undefined : (items.get(index) ?? undefined);
    if (exact && definition.present?.(exact, this.context({ ancestors, base: "" })) === false) return undefined;
    if (exact || !definition.alsoCalled) return exact;
    return this.list(definition, ancestors).find((item) => definition.alsoCalled?.(item).includes(id));
  }

  /** {@link find}, or 404 E0000007. */
  get(definition: ResourceDefinition, ancestors: Ancestors, id: string): JsonObject {
    const item = this.find(definition, ancestors, id);
    if (!item && definition.missing !== undefined) throw oktaError(definition.missing);
    if (!item) throw oktaError("E0000007", { arg: `Resource not found: ${id} (${definition.kind})` });
    return item;
  }

  /** Every combination of ancestors that is there now. */
  *ancestorsOf(definition: ResourceDefinition): Generator<Ancestors> {
    yield* this.#combine(Object.entries(definition.ancestors ?? {}), {});
  }

  *#combine(rest: readonly (readonly [string, string])[], above: Ancestors): Generator<Ancestors> {
    const [first, ...others] = rest;
    if (!first) {
      yield above;
      return;
    }
    const [parameter, name] = first;
    for (const id of this.#idsOf(name, above)) yield* this.#combine(others, { ...above, [parameter]: id });
  }

  *#idsOf(name: string, above: Ancestors): Generator<string> {
    const org = this.#org;
    if (name === "users") {
      for (const u of org.users.indexes(-1)) if (org.users.exists(u)) yield org.users.id(u);
    } else if (name === "groups") for (const group of org.groups.all()) yield group.id;
    else if (name === "applications") for (const app of org.apps.all()) yield app.id;
    else {
      const definition = this.named(name);
      const own = Object.fromEntries(
        Object.keys(definition.ancestors ?? {}).map((parameter) => [parameter, above[parameter] ?? ""]),
      );
      for (const item of this.list(definition, own)) yield idOf(definition, item);
    }
  }

  /** Throws 404 unless every ancestor is there. */
  checkAncestors(definition: ResourceDefinition, ancestors: Ancestors): Ancestors {
    const canonical: Record<string, string> = {};
    for (const [parameter, name] of Object.entries(definition.ancestors ?? {})) {
      canonical[parameter] = this.#canonical(name, canonical, ancestors[parameter] ?? "");
    }
    return canonical;
  }

  #canonical(name: string, above: Ancestors, id: string): string {
    const org = this.#org;
    const missing = (kind: string): never => {
      throw oktaError("E0000007", { arg: `Resource not found: ${id} (${kind})` });
    };
    if (name === "users") {
      const user = org.users.find(id);
      return org.users.exists(user) ? org.users.id(user) : missing("User");
    }
    if (name === "groups") return org.groups.find(id)?.id ?? missing("UserGroup");
    if (name === "applications") return org.apps.find(id)?.id ?? missing("AppInstance");
    const definition = this.named(name);
    const own = Object.fromEntries(
      Object.keys(definition.ancestors ?? {}).map((parameter) => [parameter, above[parameter] ?? ""]),
    );
    return idOf(definition, this.get(definition, own, id));
  }

  /** Every item of a declared resource, with the ids of what it is under (`authServerId`). */
  *truthOf(name: string, base: string): Generator<JsonObject> {
    const definition = this.named(name);
    for (const ancestors of this.ancestorsOf(definition)) {
      const context = this.context({ ancestors, base });
      for (const item of this.list(definition, ancestors)) yield { ...ancestors, ...shown(definition, item, context) };
    }
  }

  /**
   * Every item of the resources at a path of that shape (`/api/v1/zones`, parameters by any name), as of now: as the list
   * answers `query`, or without one as the single object.
   */
  *at(path: string, query: URLSearchParams | null, base: string): Generator<ResourceTruth> {
    const shape = shapeOf(path);
    for (const definition of RESOURCES.filter((one) => shapeOf(one.path) === shape)) {
      for (const ancestors of this.ancestorsOf(definition)) {
        const context = this.context({ ancestors, base });
        const { row } = definition.list ?? {};
        const items = this.list(definition, ancestors)
          .filter((item) => query === null || isListed(definition, item, query))
          .map((item) => shown(definition, item, context))
          .map((item) => (row && query ? row(item, query, context) : item));
        yield { ancestors: Object.values(ancestors), items };
      }
    }
  }

  /** Creates an item by `write`, or as the declaration's `create` says. */
  create(request: WriteRequest & { readonly write?: ResourceWrite | undefined }): JsonObject {
    const { definition, body } = request;
    const write = required(request.write ?? definition.create);
    const context = this.context(request);
    checkRequired(write, body);
    write.check?.(body, context);
    return this.add(request, write.make ? write.make(body, context) : body, write);
  }

  /** Puts a new item into its collection, with id, times and event. */
  add(request: WriteRequest, made: JsonObject, write: Pick<ResourceWrite, "event" | "follow">): JsonObject {
    const { definition, ancestors, body } = request;
    const context = this.context(request);
    const now = this.#org.stamp();
    const id = definition.prefix === undefined ? {} : { id: this.#newId(definition.prefix, body, context) };
    const item: JsonObject = { ...id, ...made, ...this.#stamps(definition, { created: now, updated: now }) };
    this.#put(definition, ancestors, { item, id: idOf(definition, item) });
    write.follow?.(item, this.#effects(context));
    this.tell(definition, write.event, item, context);
    return item;
  }

  /** Replaces (`replace`, `update`) or acts on an item. */
  write(
    request: WriteRequest & { readonly id: string; readonly write: ResourceWrite; readonly partial: boolean },
  ): JsonObject {
    const { definition, ancestors, body, id, write, partial } = request;
    const found = definition.upsert ? this.find(definition, ancestors, id) : this.get(definition, ancestors, id);
    const before = found ?? {};
    const context = this.context(request);
    checkRequired(write, body);
    write.check?.(body, context, before);
    const made = write.make
      ? write.make(body, context, before)
      : partial
        ? { ...before, ...body }
        : { ...kept(definition, before), ...body };
    const item: JsonObject = {
      ...made,
      ...(before["id"] === undefined ? {} : { id: before["id"] }),
      ...this.#stamps(definition, { created: null, updated: this.#org.stamp() }),
    };
    this.#put(definition, ancestors, { item, id: idOf(definition, before) });
    write.follow?.(item, this.#effects(context));
    this.tell(definition, write.event, item, context);
    return item;
  }

  /** `event`: another than the declared one (a published request ends as well). */
  remove(request: WriteRequest & { readonly id: string; readonly event?: string }): JsonObject {
    const { definition, ancestors, id } = request;
    const item = this.get(definition, ancestors, id);
    const write = required(definition.remove);
    const context = this.context(request);
    if (write.needsInactive && item["status"] === "ACTIVE") throw oktaError("E0000056");
    write.check?.({}, context, item);
    this.#put(definition, ancestors, { item: null, id: idOf(definition, item) });
    write.follow?.(item, this.#effects(context));
    this.tell(definition, request.event ?? write.event, item, context);
    return item;
  }

  /** Takes an item away without an event of its own. */
  end({ definition, ancestors }: Pick<WriteRequest, "definition" | "ancestors">, id: string): void {
    this.#put(definition, ancestors, { item: null, id });
  }

  context({ ancestors, base, query }: Pick<WriteRequest, "ancestors" | "base" | "query">): ResourceContext {
    return { org: this.#org, resources: this, ancestors, base, ...(query ? { query } : {}) };
  }

  /** Writes an event of the item to the log; null writes none. */
  tell(definition: ResourceDefinition, told: ResourceWrite["event"], item: JsonObject, context: ResourceContext): void {
    const event = typeof told === "function" ? told(item) : told;
    if (event === null) return;
    const own = {
      id: idOf(definition, item),
      type: definition.kind,
      displayName: String(item["name"] ?? item["label"] ?? "unknown"),
    };
    this.#org.happened({ type: event, targets: definition.targets?.(item, context) ?? [own] });
  }

  #put(definition: ResourceDefinition, ancestors: Ancestors, change: { item: JsonObject | null; id: string }): void {
    const collection = this.#collection(definition, ancestors);
    this.#collections.set(collectionKey(definition, ancestors), collection);
    let index = collection.ids.lastIndexOf(change.id);
    if (index < 0) index = collection.ids.push(change.id) - 1;
    collection.items.set(index, change.item, this.#org.now());
    this.#org.revision++;
  }

  #collection(definition: ResourceDefinition, ancestors: Ancestors): Collection {
    const stored = this.#collections.get(collectionKey(definition, ancestors));
    if (stored) return stored;
    const { listMs, searchMs } = this.#org.lag;
    const items = new VersionedMap<JsonObject>(Math.max(listMs, searchMs));
    const seeded = definition.follows ? [] : this.#seed(definition, ancestors);
    const ids = seeded.map((item) => idOf(definition, item));
    seeded.forEach((item, index) => items.set(index, item, -Infinity));
    return { ids, items };
  }

  #seed(definition: ResourceDefinition, ancestors: Ancestors): readonly JsonObject[] {
    return definition.seed?.({ org: this.#org, resources: this, ancestors, base: "" }) ?? [];
  }

  /** The seed of what follows other objects, by id; kept until the org changes. */
  #seedOf(definition: ResourceDefinition, ancestors: Ancestors): ReadonlyMap<string, JsonObject> {
    const key = collectionKey(definition, ancestors);
    const known = this.#seeds.get(key);
    if (known?.revision === this.#org.revision) return known.items;
    const items = new Map(this.#seed(definition, ancestors).map((item) => [idOf(definition, item), item]));
    this.#seeds.set(key, { revision: this.#org.revision, items });
    return items;
  }

  readonly #seeds = new Map<string, { revision: number; items: ReadonlyMap<string, JsonObject> }>();

  /** The seed with what was written over it. */
  *#following(definition: ResourceDefinition, ancestors: Ancestors, at: number): Generator<JsonObject> {
    const { ids, items } = this.#collection(definition, ancestors);
    for (const [id, seeded] of this.#seedOf(definition, ancestors)) yield items.get(ids.indexOf(id), at) ?? seeded;
  }

  #newId(prefix: NonNullable<ResourceDefinition["prefix"]>, body: JsonObject, context: ResourceContext): string {
    const kind = typeof prefix === "string" ? prefix : prefix(body, context);
    return this.#org.ids.encode(kind, 1_000_000 + (this.#created += 1));
  }

  #effects(context: ResourceContext): Effects {
    return { ...context, put: (definition, ancestors, change) => this.#put(definition, ancestors, change) };
  }

  #created = 0;

  #stamps(definition: ResourceDefinition, at: { created: number | null; updated: number }): JsonObject {
    if (definition.stamps === null) return {};
    const { created = "created", updated = "lastUpdated", text = instantText } = definition.stamps ?? {};
    return { ...(at.created === null ? {} : { [created]: text(at.created) }), [updated]: text(at.updated) };
  }
}

/** Whether the list shows the item; of a query that it refuses (it demands a filter), every one. */
function isListed({ list }: ResourceDefinition, item: JsonObject, query: URLSearchParams): boolean {
  try {
    return list?.matches?.(item, query) ?? true;
  } catch {
    return true;
  }
}

function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}

/** The item as an answer shows it. */
export function shown(definition: ResourceDefinition, item: JsonObject, context: ResourceContext): JsonObject {
  const full = definition.shown ? definition.shown(item, context) : item;
  return (definition.hidden ?? []).reduce((json, path) => without(json, path.split(".")), full);
}

function collectionKey(definition: ResourceDefinition, ancestors: Ancestors): string {
  return `${definition.name} ${Object.values(ancestors).join(" ")}`;
}

function required<T>(write: T | undefined): T {
  if (!write) throw oktaError("E0000022");
  return write;
}

function checkRequired(write: ResourceWrite, body: JsonObject): void {
  const missing = (write.required ?? []).filter(
    (path) => valueAt(body, path) === undefined || valueAt(body, path) === null,
  );
  const [first] = missing;
  if (first === undefined) return;
  throw oktaError("E0000001", { arg: first, causes: missing.map((path) => `${path}: The field cannot be left blank`) });
}

/** What a full replace cannot take away. */
function kept({ stamps }: ResourceDefinition, item: JsonObject): JsonObject {
  const names = [
    stamps?.created ?? "created",
    "id",
    "type",
    "status",
    "system",
    "createdBy",
    "lastUpdated",
    "lastUpdatedBy",
    "default",
    "isDefault",
    "priority",
    "verificationStatus",
  ];
  return Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
}

function without(json: JsonObject, [step = "", ...rest]: readonly string[]): JsonObject {
  const inner = json[step];
  if (inner === undefined) return json;
  if (rest.length === 0) return Object.fromEntries(Object.entries(json).filter(([name]) => name !== step));
  return isObject(inner) ? { ...json, [step]: without(inner, rest) } : json;
}
