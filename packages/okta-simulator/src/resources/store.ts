import { oktaError } from "../errors.js";
import { instantText, isObject, type JsonObject, valueAt } from "../json.js";
import type { Org } from "../org/org.js";
import { VersionedMap } from "../org/versioned.js";
import { RESOURCES } from "./all.js";
import {
  type Ancestors,
  idOf,
  type ResourceContext,
  type ResourceDefinition,
  type Resources,
  type ResourceWrite,
} from "./definition.js";

/** Items of one collection under one ancestor. */
interface Collection {
  readonly ids: string[];
  readonly items: VersionedMap<JsonObject>;
}

/** A write on its way. */
export interface WriteRequest {
  readonly definition: ResourceDefinition;
  readonly ancestors: Ancestors;
  readonly base: string;
  readonly body: JsonObject;
}

/** Everything that {@link RESOURCES} declare, as the org has it. What nobody wrote to is computed from its seed at every reading. */
export class ResourceStore implements Resources {
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
  list(definition: ResourceDefinition, ancestors: Ancestors, at = Infinity): JsonObject[] {
    const { ids, items } = this.#collection(definition, ancestors);
    const context = this.context({ ancestors, base: "" });
    return ids
      .map((_, index) => items.get(index, at))
      .filter((item) => item !== null && item !== undefined)
      .filter((item) => definition.present?.(item, context) ?? true);
  }

  /** The item as it is now; undefined when there is none. */
  find(definition: ResourceDefinition, ancestors: Ancestors, id: string): JsonObject | undefined {
    const { ids, items } = this.#collection(definition, ancestors);
    const index = ids.lastIndexOf(id);
    const exact = index < 0 ? undefined : (items.get(index) ?? undefined);
    if (exact && definition.present?.(exact, this.context({ ancestors, base: "" })) === false) return undefined;
    if (exact || !definition.alsoCalled) return exact;
    return this.list(definition, ancestors).find((item) => definition.alsoCalled?.(item).includes(id));
  }

  /** {@link find}, or 404 E0000007. */
  get(definition: ResourceDefinition, ancestors: Ancestors, id: string): JsonObject {
    const item = this.find(definition, ancestors, id);
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

  create(request: WriteRequest): JsonObject {
    const { definition, ancestors, body } = request;
    const write = required(definition.create ?? definition.assign);
    const context = this.context(request);
    checkRequired(write, body);
    write.check?.(body, context);
    const made = write.make ? write.make(body, context) : body;
    const now = this.#org.stamp();
    const id = definition.prefix === undefined ? {} : { id: this.#newId(definition) };
    const item: JsonObject = { ...id, ...made, ...this.#stamps(definition, { created: now, updated: now }) };
    this.#put(definition, ancestors, { item, id: idOf(definition, item) });
    this.tell(definition, write.event, item, context);
    return item;
  }

  /** Replaces (`replace`, `update`) or acts on an item. */
  write(
    request: WriteRequest & { readonly id: string; readonly write: ResourceWrite; readonly partial: boolean },
  ): JsonObject {
    const { definition, ancestors, body, id, write, partial } = request;
    const before = this.get(definition, ancestors, id);
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
    this.tell(definition, write.event, item, context);
    return item;
  }

  remove(request: WriteRequest & { readonly id: string }): JsonObject {
    const { definition, ancestors, id } = request;
    const item = this.get(definition, ancestors, id);
    const write = required(definition.remove);
    const context = this.context(request);
    if (write.needsInactive && item["status"] === "ACTIVE") throw oktaError("E0000056");
    write.check?.({}, context, item);
    this.#put(definition, ancestors, { item: null, id: idOf(definition, item) });
    this.tell(definition, write.event, item, context);
    return item;
  }

  context({ ancestors, base }: Pick<WriteRequest, "ancestors" | "base">): ResourceContext {
    return { org: this.#org, resources: this, ancestors, base };
  }

  /** Writes an event of the item to the log; null writes none. */
  tell(definition: ResourceDefinition, of: ResourceWrite["event"], item: JsonObject, context: ResourceContext): void {
    const event = typeof of === "function" ? of(item) : of;
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
    const seeded = definition.seed?.({ org: this.#org, resources: this, ancestors, base: "" }) ?? [];
    const ids = seeded.map((item) => idOf(definition, item));
    seeded.forEach((item, index) => items.set(index, item, -Infinity));
    return { ids, items };
  }

  #newId({ prefix = "" }: ResourceDefinition): string {
    return this.#org.ids.encode(prefix, 1_000_000 + (this.#created += 1));
  }

  #created = 0;

  #stamps(definition: ResourceDefinition, at: { created: number | null; updated: number }): JsonObject {
    if (definition.stamps === null) return {};
    const { created = "created", updated = "lastUpdated", text = instantText } = definition.stamps ?? {};
    return { ...(at.created === null ? {} : { [created]: text(at.created) }), [updated]: text(at.updated) };
  }
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
