import { oktaError } from "../errors.js";
import { instantText, type JsonObject } from "../json.js";
import type { Org } from "../org/org.js";
import { VersionedMap } from "../org/versioned.js";
import { RESOURCES } from "./all.js";
import { canonicalOf, combinationsOf } from "./ancestors.js";
import {
  type Ancestors,
  type Effects,
  idOf,
  type ResourceContext,
  type ResourceDefinition,
  type ResourcePlace,
  type ResourceWrite,
  type WritableResources,
  type WriteRequest,
} from "./definition.js";
import { checkRequired, kept } from "./items.js";

/** Items of one collection under one ancestor. */
interface Collection {
  readonly ids: string[];
  readonly items: VersionedMap<JsonObject>;
}

/** Everything that {@link RESOURCES} declare, as the org has it. What nobody wrote to is computed from its seed at every reading. */
export class ResourceStore implements WritableResources {
  readonly #org: Org;
  /** What somebody wrote to. */
  readonly #collections = new Map<string, Collection>();
  /** Seeds of what follows other objects, until the org changes. */
  readonly #seeds = new Map<string, { revision: number; items: ReadonlyMap<string, JsonObject> }>();
  #created = 0;

  constructor(org: Org) {
    this.#org = org;
  }

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

  *ancestorsOf(definition: ResourceDefinition): Generator<Ancestors> {
    yield* combinationsOf(definition, { org: this.#org, resources: this });
  }

  /** The ancestors by their ids, however the path named them; throws 404 unless every one is there. */
  checkAncestors(definition: ResourceDefinition, ancestors: Ancestors): Ancestors {
    return canonicalOf(definition, ancestors, { org: this.#org, resources: this });
  }

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
    this.put({ definition, ancestors }, item);
    write.follow?.(item, context);
    this.#tell(definition, write.event, item, context);
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
    this.#set(definition, ancestors, { item, id: idOf(definition, before) });
    write.follow?.(item, context);
    this.#tell(definition, write.event, item, context);
    return item;
  }

  /** `event`: another than the declared one (a published request ends as well). */
  remove(request: WriteRequest & { readonly id: string; readonly event?: string }): JsonObject {
    const { definition, ancestors, id } = request;
    const item = this.get(definition, ancestors, id);
    const write = required(definition.remove);
    const context = this.context(request);
    write.check?.({}, context, item);
    this.#set(definition, ancestors, { item: null, id: idOf(definition, item) });
    write.follow?.(item, context);
    this.#tell(definition, request.event ?? write.event, item, context);
    return item;
  }

  put({ definition, ancestors }: ResourcePlace, item: JsonObject): void {
    this.#set(definition, ancestors, { item, id: idOf(definition, item) });
  }

  end({ definition, ancestors }: ResourcePlace, id: string): void {
    this.#set(definition, ancestors, { item: null, id });
  }

  context({ ancestors, base, query }: Pick<WriteRequest, "ancestors" | "base" | "query">): Effects {
    return { org: this.#org, resources: this, ancestors, base, ...(query ? { query } : {}) };
  }

  /** Writes an event of the item to the log; null writes none. */
  #tell(
    definition: ResourceDefinition,
    told: ResourceWrite["event"],
    item: JsonObject,
    context: ResourceContext,
  ): void {
    const event = typeof told === "function" ? told(item) : told;
    if (event === null) return;
    const own = {
      id: idOf(definition, item),
      type: definition.kind,
      displayName: String(item["name"] ?? item["label"] ?? "unknown"),
    };
    this.#org.happened({ type: event, targets: definition.targets?.(item, context) ?? [own] });
  }

  #set(definition: ResourceDefinition, ancestors: Ancestors, change: { item: JsonObject | null; id: string }): void {
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

  /** The seed with what was written over it. */
  *#following(definition: ResourceDefinition, ancestors: Ancestors, at: number): Generator<JsonObject> {
    const { ids, items } = this.#collection(definition, ancestors);
    for (const [id, seeded] of this.#seedOf(definition, ancestors)) yield items.get(ids.indexOf(id), at) ?? seeded;
  }

  #newId(prefix: NonNullable<ResourceDefinition["prefix"]>, body: JsonObject, context: ResourceContext): string {
    const kind = typeof prefix === "string" ? prefix : prefix(body, context);
    return this.#org.ids.encode(kind, 1_000_000 + (this.#created += 1));
  }

  #stamps(definition: ResourceDefinition, at: { created: number | null; updated: number }): JsonObject {
    if (definition.stamps === null) return {};
    const { created = "created", updated = "lastUpdated", text = instantText } = definition.stamps ?? {};
    return { ...(at.created === null ? {} : { [created]: text(at.created) }), [updated]: text(at.updated) };
  }
}

function collectionKey(definition: ResourceDefinition, ancestors: Ancestors): string {
  return `${definition.name} ${Object.values(ancestors).join(" ")}`;
}

function required<T>(write: T | undefined): T {
  if (!write) throw oktaError("E0000022");
  return write;
}
