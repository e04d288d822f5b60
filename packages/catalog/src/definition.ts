import type { ColumnType } from "./table.js";

/** Groups of objects that people choose together in `objects:`. */
export const PRESETS = ["core", "config", "per-user", "log"] as const;
export type Preset = (typeof PRESETS)[number];

/**
 * A declared column: a leaf (or a JSON subtree) of the item. A leaf below a JSON column may be a column as well; its
 * value is then in both.
 */
export interface ColumnDefinition {
  /** Keys from the item's root. */
  readonly path: readonly string[];
  readonly type: ColumnType;
  /** Column name, where it is not the snake_case of the path. */
  readonly name?: string;
  /** Takes the text after the last `/` of a link (`_links.schema.href` → the schema's id). */
  readonly lastSegment?: boolean;
  /** A link whose last segment is the same fact; read where `path` is absent or null (`source.id`, else `_links.source.href`). */
  readonly orLink?: readonly string[];
}

/** Where a child's path parameters come from: rows of the parent's table. */
export interface ParentDefinition {
  /** The parent's object name. */
  readonly object: string;
  /** Further objects whose rows are parents in the same way (every type of policies has a table of its own). */
  readonly also?: readonly string[];
  /** Path parameter and column of this table → column of the parent's table, e.g. `{ group_id: "id" }`. */
  readonly columns: Readonly<Record<string, string>>;
  /** Column of the parent's table → values: only such parents have children (secrets: OAuth applications alone). */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /**
   * Each parent is asked once for each row of this (small) object: its column of this table → column there, e.g. each
   * user for each kind of link.
   */
  readonly times?: { readonly object: string; readonly columns: Readonly<Record<string, string>> };
  /** No parent is without rows (who is listed as an administrator has a role): one that has none here is listed again. */
  readonly neverEmpty?: true;
  /** Parents besides those of the table that Okta lists nowhere (the standard roles): values of all `columns` here. */
  readonly values?: readonly Readonly<Record<string, string>>[];
}

/** How all rows of an object (or of one parent) are listed. */
export interface ListDefinition {
  /** With `{column}` for the parent's values, e.g. `/api/v1/groups/{group_id}/users`. */
  readonly path: string;
  /** Always sent, the page size (`limit`) included where the endpoint takes one. */
  readonly query?: Readonly<Record<string, string>>;
  /** Added to `query` when every row is wanted (users: a filter that includes DEPROVISIONED). */
  readonly fullQuery?: Readonly<Record<string, string>>;
  /** The body is an object and the rows are under this key. */
  readonly itemsAt?: string;
  /** The answer is one object, not a list. */
  readonly single?: boolean;
  /** Largest page the endpoint gives; what estimates divide by. 0: not paged. */
  readonly pageSize: number;
  /** Queries that make up the list together, where the endpoint demands a choice (`filter=principalType eq …`). */
  readonly variants?: readonly Readonly<Record<string, string>>[];
  /** The list leaves out properties: each of its items is read again here, `{name}` filled with the item's own `name`. */
  readonly detail?: string;
  /** Errors that say "this parent has none" (features of an application without provisioning). */
  readonly noneOn?: readonly ("OKTA_NOT_FOUND" | "OKTA_BAD_REQUEST" | "OKTA_DENIED")[];
}

/** How one row is fetched by its key. Absent: it cannot be. */
export interface GetDefinition {
  /** With `{column}` for key values, e.g. `/api/v1/apps/{application_id}/users/{user_id}`. */
  readonly path: string;
  /** What is deleted answers all the same, with this value here: as good as a 404. */
  readonly goneWhen?: { readonly path: readonly string[]; readonly value: string };
}

/** Decision 5's ways to be incremental. */
export type IncrementalDefinition =
  /** The list takes a time filter. `{since}` in the expression becomes the watermark. */
  | {
      readonly how: "filter";
      readonly parameter: "filter" | "search";
      readonly expression: string;
      /** How far back of the last pass's start the next one looks, in minutes (5 with filter, 15 with search). */
      readonly overlapMinutes: number;
    }
  /** Listed again under those parents whose `parentColumn` (an instant) moved; changes of large parents come from the log. */
  | {
      readonly how: "parent";
      readonly parentColumn: string;
      readonly overlapMinutes: number;
      /** A parent with more rows than this is kept current by the log's add and remove events. */
      readonly largeScope: number;
    }
  /** Only what the System Log names is fetched again. */
  | { readonly how: "log" }
  /** Small: listed whole in every run and compared by hash. */
  | { readonly how: "compare" }
  /**
   * No event is promised for its changes, and listing takes many requests: the reconcile finds them. Events that may come
   * with a change are followed all the same.
   */
  | { readonly how: "reconcile" }
  /** Append-only feed with its own cursor (log_events); the instant at `timePath` tells a row's age. */
  | { readonly how: "append"; readonly timePath: readonly string[] };

/**
 * What a System Log event means for this object.
 * `row`: the row of that key is read again. `gone`: that row is deleted in Okta, proof enough. `scope`: all rows under
 * that parent are listed again. `reference`: every stored row with that column value is read again (a deactivated
 * user's assignments). `add`/`remove`: the pair exists or not (trusted only for large scopes, then checked by count).
 * `by`: listed again through {@link ObjectDefinition.listBy} of that column. `whole`: the object is listed again.
 */
export type EventEffect = "row" | "gone" | "scope" | "reference" | "add" | "remove" | "by" | "whole";

/** Event types and the targets that carry this object's key. */
export interface EventRule {
  readonly types: readonly string[];
  readonly effect: EventEffect;
  /** Column → `type` of the event's target whose id it is, e.g. `{ application_id: "AppInstance", user_id: "User" }`. */
  readonly key: Readonly<Record<string, string>>;
  /**
   * An event without these targets says nothing about this object. Left out: it may concern any of its rows, so the
   * whole object is listed again.
   */
  readonly onlyWithTargets?: boolean;
}

/** A second way to list a part of the object, by another of its columns (a user's groups instead of a group's users). */
export interface ListByDefinition {
  readonly column: string;
  readonly list: ListDefinition;
  /** Column of this table → path in the listed item. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/**
 * An array (or map) inside the item whose elements become rows of a table of their own. Definitions of one name share a
 * table. The parts of a JSON column may be rows as well.
 */
export interface ChildTableDefinition {
  readonly name: string;
  /** Where the array (or the map, see `keyedBy`) is in the item. */
  readonly path: readonly string[];
  /** The collection is an object and its keys become this column. */
  readonly keyedBy?: string;
  /** Parent key columns copied into each row: child column → parent column. */
  readonly parentColumns: Readonly<Record<string, string>>;
  /** Column that holds the element's place in the array, when the key needs it. */
  readonly positionColumn?: string;
  /** A constant column, e.g. `{ name: "definition", value: "base" }`, when several paths fill one table. */
  readonly constant?: { readonly name: string; readonly value: string };
  readonly key: readonly string[];
  /** Paths from the element. What they leave out is in the row's `_extra`. */
  readonly columns: readonly ColumnDefinition[];
  readonly indexes?: readonly (readonly string[])[];
}

/** A request whose answer tells how many rows an object has, so that an estimate need not list them. */
export interface TotalHint {
  /** Whose list is asked. */
  readonly object: string;
  readonly query: Readonly<Record<string, string>>;
  /** The item that tells: dotted path → value. */
  readonly where: Readonly<Record<string, string>>;
  /** Where the number is in it. */
  readonly path: readonly string[];
}

/**
 * Rows that come along with the rows of another object (a group's members get the group's applications): large parents
 * are found through the large ones of those.
 */
export interface ThroughHint {
  /** The other object; its own listing tells `size` and `links` of each row. */
  readonly object: string;
  /** Lists, under one row of it, the parents that it gives its members to. */
  readonly list: ListDefinition;
  /** How many rows it brings to each of these parents. */
  readonly size: readonly string[];
  /** How many parents it has. */
  readonly links: readonly string[];
}

/** How the parent's own listing tells how many rows a child has under it; a boolean tells whether there are any. */
export interface CountedBy {
  readonly query: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  /** Where it is when `path` has nothing (another spelling). */
  readonly orPath?: readonly string[];
}

/** What the API lets one write, as `objects` shows it. */
export interface WriteDefinition {
  readonly insert: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly twoWay: boolean;
}

/**
 * One Okta object, declared once (decision 1). Everyone reads it: extraction, DDL, transform, load, `objects`, docs.
 * Facts come from Okta's OpenAPI specification, its documentation and recorded traffic.
 */
export interface ObjectDefinition {
  /** Table and configuration name, snake_case plural. */
  readonly name: string;
  /** What other products call it. */
  readonly aliases: readonly string[];
  readonly preset: Preset;
  /** One sentence for people. */
  readonly summary: string;
  /** The item's schema in Okta's OpenAPI specification. Absent where the item is only partly this object. */
  readonly openApi?: string;
  readonly list: ListDefinition;
  readonly get?: GetDefinition;
  /** Items of other kinds come by the same requests: only those with this value here are rows of this table. */
  readonly only?: { readonly path: readonly string[]; readonly value: string };
  /** A column that no item has, e.g. the key of what an org has once: `{ name: "id", value: "default" }`. */
  readonly constant?: { readonly name: string; readonly value: string };
  readonly listBy?: ListByDefinition;
  readonly parent?: ParentDefinition;
  readonly key: readonly string[];
  readonly indexes?: readonly (readonly string[])[];
  readonly columns: readonly ColumnDefinition[];
  /** Attributes under `profile` come from this schema of the org and are typed columns. */
  readonly profileSchema?: "user" | "group";
  /** The items are the documents that declare those attributes. */
  readonly describesProfileOf?: "user" | "group";
  /** The item is another object's whole row, of which only the declared columns belong here. */
  readonly onlyDeclared?: boolean;
  /** Paths left out on purpose besides `_links` and `_embedded`. */
  readonly leftOut?: readonly (readonly string[])[];
  /**
   * Paths that hold secrets: never stored, never logged, wherever their parent ends up (column, JSON, `_extra`).
   * Arrays need no step of their own; `*` stands for any key.
   */
  readonly secrets?: readonly (readonly string[])[];
  /** Arrays that Okta returns in any order: a reorder is no change (the hash sorts them). Written as `secrets` are. */
  readonly sets?: readonly (readonly string[])[];
  readonly children?: readonly ChildTableDefinition[];
  readonly incremental: IncrementalDefinition;
  readonly events: readonly EventRule[];
  /** Column → object (or objects) whose row's proved end takes these rows with it. */
  readonly references?: Readonly<Record<string, string | readonly string[]>>;
  /** Listing it whole takes so long that the reconcile comes this many times as seldom as the pipeline says. Default 1. */
  readonly reconcileFactor?: number;
  /** A listing under this object's own scope may come back empty wrongly; `expand=stats` of the parent can tell the true count. */
  readonly countedBy?: CountedBy;
  /**
   * The list depends on who asks, and from where: absence from it proves nothing; only an event that names the row and
   * a 404 on its single GET do.
   */
  readonly listingHides?: true;
  /** Counts for estimates alone; no run relies on them. */
  readonly sizeHints?: { readonly total?: TotalHint; readonly through?: ThroughHint };
  /** Row filters that `objects: {…: {filter}}` may name, e.g. `status`: the item's path; pushed to the server in full passes. */
  readonly rowFilters?: Readonly<Record<string, readonly string[]>>;
  readonly scopes: readonly string[];
  /** Admin roles that can read it, weakest first. */
  readonly adminRoles: readonly string[];
  readonly writes: WriteDefinition;
}

/** Identity that also checks the literal against {@link ObjectDefinition}. */
export function defineObject(definition: ObjectDefinition): ObjectDefinition {
  return definition;
}
