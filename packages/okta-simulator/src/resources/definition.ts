import { mix } from "../generate/hash.js";
import type { JsonObject } from "../json.js";
import type { OrgFeature } from "../org/features.js";
import type { Target } from "../org/log-events.js";
import type { Org } from "../org/org.js";

/** Values of the path's parameters above an item, e.g. `{ authServerId: "aus…" }`. */
export type Ancestors = Readonly<Record<string, string>>;

/** What the org has of the declared resources, as other declarations read it. */
export interface Resources {
  /** The declaration of that name: declarations of other files that would import each other in a circle. */
  named(name: string): ResourceDefinition;
  /** Items in the order of their creation, as they are now. */
  list(definition: ResourceDefinition, ancestors: Ancestors): readonly JsonObject[];
  find(definition: ResourceDefinition, ancestors: Ancestors, id: string): JsonObject | undefined;
  /** As `find`, or 404. */
  get(definition: ResourceDefinition, ancestors: Ancestors, id: string): JsonObject;
  /** Every combination of ancestors that is there now. */
  ancestorsOf(definition: ResourceDefinition): Iterable<Ancestors>;
}

/** A collection, or the place of a single object. */
export interface ResourcePlace {
  readonly definition: ResourceDefinition;
  readonly ancestors: Ancestors;
}

/** A write on its way. */
export interface WriteRequest extends ResourcePlace {
  readonly base: string;
  readonly query?: URLSearchParams;
  readonly body: JsonObject;
}

/** {@link Resources} for what changes them beside their own paths. */
export interface WritableResources extends Resources {
  /** Creates an item by `write`, or as the declaration's `create` says. */
  create(request: WriteRequest & { readonly write?: ResourceWrite | undefined }): JsonObject;
  remove(request: WriteRequest & { readonly id: string }): JsonObject;
  /** Stores an item without a word in the log: what moved because of another. */
  put(place: ResourcePlace, item: JsonObject): void;
  /** Takes an item away without a word in the log: something else tells of it. */
  end(place: ResourcePlace, id: string): void;
}

/** What a declaration may look at when it makes or judges an item. */
export interface ResourceContext {
  readonly org: Org;
  readonly resources: Resources;
  readonly ancestors: Ancestors;
  /** `https://…` as links start with it. */
  readonly base: string;
  /** The request's parameters; absent where there is no request. */
  readonly query?: URLSearchParams;
}

/** What a write may change besides its own item. */
export interface Effects extends ResourceContext {
  readonly resources: WritableResources;
}

/** How a collection answers `GET`. */
export interface ResourceList {
  /** Page sizes; absent: everything in one answer, without a Link header (recorded traffic of such lists). */
  readonly page?: { readonly fallback: number; readonly max: number; readonly parameter?: string };
  /** The body is an object: the rows are under `at`, the next page (of `size` rows) under `_links.next`. */
  readonly wrapped?: { readonly at: string; readonly size?: number };
  /** Throws the error of a query that Okta refuses (a missing `type`), or under an ancestor that cannot have such items. */
  readonly check?: (query: URLSearchParams, context: ResourceContext) => void;
  /** Whether the query asks for this item. */
  readonly matches?: (item: JsonObject, query: URLSearchParams) => boolean;
  /** What was created last is listed first. */
  readonly newestFirst?: true;
  /** A row of the list, where it is not the single object. With `single`: the object as the query asks for it. */
  readonly row?: (item: JsonObject, query: URLSearchParams, context: ResourceContext) => JsonObject;
}

/** One kind of write. */
export interface ResourceWrite {
  /** Answer's status; a 204 has no body. */
  readonly status: number;
  /** Dotted paths that the body must have: E0000001 else. */
  readonly required?: readonly string[];
  /** Throws Okta's error for a write that it refuses. `before` is the item (absent on create). */
  readonly check?: (body: JsonObject, context: ResourceContext, before?: JsonObject) => void;
  /** The stored item that the body makes; default: `before` with the body over it (replace: body over the read-only ones). */
  readonly make?: (body: JsonObject, context: ResourceContext, before?: JsonObject) => JsonObject;
  /** What else changes with it, without an event of its own: priorities that move. `item` is the one written or removed. */
  readonly follow?: (item: JsonObject, effects: Effects) => void;
  /** The answer, where it is not the item: `empty` = no body though the status is 200. */
  readonly answer?: "empty" | ((item: JsonObject, context: ResourceContext) => JsonObject);
  /** System Log event type; null: none (the event catalogue has none). */
  readonly event: string | null | ((item: JsonObject) => string | null);
  /**
   * False: this path has no such operation. It happens by other means (a device enrols, a user consents) or by a route
   * of its own, and tests make it happen.
   */
  readonly byHttp?: false;
}

/** `POST …/lifecycle/{action}` or another path below the item. */
export interface ResourceAction extends Omit<ResourceWrite, "required"> {
  /** Default `lifecycle/{action}`; empty: the item itself (a DELETE that leaves something readable). */
  readonly path?: string;
  readonly method?: "POST" | "PUT" | "DELETE";
}

/**
 * One kind of thing that an org has beside users, groups, applications and what hangs on them. Declared from Okta's
 * specification, documentation and recorded traffic alone, never from what a client believes.
 */
export interface ResourceDefinition {
  /** What tests call it, plural: `network_zones`. */
  readonly name: string;
  /** Internal name that Okta's 404 shows: `Resource not found: ID (NetworkZone)`. */
  readonly kind: string;
  /** Error code of that 404, where it is a code of its own without the kind (`E0000163` of domains). */
  readonly missing?: string;
  /** Path of the collection (with `single`: of the object), `{parameter}` for each ancestor. */
  readonly path: string;
  /** Path parameter → whose id it is: `users`, `groups`, `applications` or another resource. In the path's order. */
  readonly ancestors?: Readonly<Record<string, string>>;
  /** There is one object, not a collection: `GET path` answers it. */
  readonly single?: true;
  /** `PUT` makes the single object where there is none. */
  readonly upsert?: true;
  /** First three characters of new ids. */
  readonly prefix?: string | ((body: JsonObject, context: ResourceContext) => string);
  /** The item's place in its path, where that is not its `id`. */
  readonly idOf?: (item: JsonObject) => string;
  /** Other names that the path accepts for an item (a role's label). */
  readonly alsoCalled?: (item: JsonObject) => readonly string[];
  /** OAuth scope without its verb: `okta.networkZones`. It guards what is below the path, too. */
  readonly scope: string;
  /** Without it in the org every call answers 401 E0000015 (recorded traffic). */
  readonly feature?: OrgFeature;
  /** Null: it cannot be listed. */
  readonly list?: ResourceList | null;
  /** False: `GET` of a single item is no operation. */
  readonly readable?: false;
  /** Dotted paths that no answer shows (write-only secrets). */
  readonly hidden?: readonly string[];
  /** Properties for the instants of creation and change, and their text; null: the object has none. */
  readonly stamps?: {
    readonly created?: string;
    readonly updated?: string;
    readonly text?: (ms: number) => string;
  } | null;
  /** `POST` on the collection, or at `path` below it (`keys/generate`). */
  readonly create?: ResourceWrite & { readonly path?: string };
  /** Creation at the item's own path, whose last part is in `body.id`. */
  readonly put?: ResourceWrite & { readonly method: "POST" | "PUT" };
  /** `PATCH` of the collection: creates an item of each of the bodies. */
  readonly append?: ResourceWrite & { readonly each: (body: JsonObject) => readonly JsonObject[] };
  /** Full replace by `PUT`. */
  readonly replace?: ResourceWrite;
  /** Partial update by `method` (default POST). */
  readonly update?: ResourceWrite & { readonly method?: "POST" | "PATCH" | "PUT" };
  /** `DELETE` of an item after which nothing of it can be read. */
  readonly remove?: Omit<ResourceWrite, "make" | "required" | "answer"> & {
    /** What is gone can be removed again: no 404. */
    readonly again?: true;
  };
  /** Further writes, by the name that tests call them by. */
  readonly actions?: Readonly<Record<string, ResourceAction>>;
  /** False for an item that something else took along: a mapping whose application is gone. */
  readonly present?: (item: JsonObject, context: ResourceContext) => boolean;
  /** Targets of its events: the item itself when absent (`{ id, type: kind, displayName }`). */
  readonly targets?: (item: JsonObject, context: ResourceContext) => readonly Target[];
  /** Links and other computed properties of an answer. */
  readonly shown?: (item: JsonObject, context: ResourceContext) => JsonObject;
  /** Event that every reading of items writes to the log, for each ancestor (reading a client's secrets). */
  readonly readEvent?: { readonly type: string; readonly targets: (context: ResourceContext) => readonly Target[] };
  /** In place of a seed: another view of what the org has elsewhere, as of `at` (Infinity: now), never stored here. */
  readonly derived?: (context: ResourceContext, at: number) => readonly JsonObject[];
  /** Items come and go with other objects, so that the seed is asked anew; what was written lies over it. */
  readonly follows?: true;
  /**
   * What the org (or the ancestor) has from the start. It is asked at every reading until somebody writes to the
   * collection (always where it `follows`), so it must be cheap and give the same items while its ancestor stays as it is.
   */
  readonly seed?: (context: ResourceContext) => readonly JsonObject[];
}

/** Identity that also checks the literal. */
export function defineResource(definition: ResourceDefinition): ResourceDefinition {
  return definition;
}

/** The item's place in its path; what there is one of has none. */
export function idOf(definition: ResourceDefinition, item: JsonObject): string {
  return definition.single ? "" : String(definition.idOf ? definition.idOf(item) : item["id"]);
}

/** An id for a seed's item number `n`: the same at every call. */
export function seedId({ org, ancestors }: ResourceContext, prefix: string, n: number): string {
  const text = Object.values(ancestors).join("/");
  if (text === "") return org.ids.encode(prefix, n);
  let place = 0;
  for (let at = 0; at < text.length; at++) place = Math.imul(place ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return org.ids.encode(prefix, 2_000_000 + (mix(org.seed, place, n) % 2_000_000_000));
}
