import { createHash } from "node:crypto";
import { oktaError } from "../errors.js";
import { collectEquals, comparisons, evaluate, type Expression, lowerBound, parseExpression } from "../expression.js";
import { type Context, limitOf, ok, pageOf, type Reply, take } from "../http.js";
import { instant, isObject, type JsonObject, valueAt } from "../json.js";
import type { Org } from "../org/org.js";
import { USER_BASE } from "../org/schemas.js";
import { type User, type UserForm, userJson } from "../org/users.js";
import type { Router } from "../router.js";

/** What `filter` takes on users (Okta docs): eq everywhere, ordering on lastUpdated alone. */
const FILTERABLE = new Set([
  "status",
  "lastUpdated",
  "id",
  "profile.login",
  "profile.email",
  "profile.firstName",
  "profile.lastName",
]);
const ORDERING = new Set(["gt", "ge", "lt", "le"]);
/** What `search` takes besides `profile.*` (Okta docs). */
const SEARCHABLE = new Set(["id", "status", "created", "activated", "statusChanged", "lastUpdated", "type.id"]);
const CONTAINS = new Set(["profile.firstName", "profile.lastName", "profile.email", "profile.login"]);

export function formOf(context: Context): UserForm {
  const response = String(context.headers["content-type"] ?? "");
  return { base: context.base, omitCredentials: /okta-response\s*=.*omitCredentials\b/i.test(response) };
}

/** The value of a user under an expression's path, without building more of the user than needed. */
function reader(org: Org, i: number, at: number): (path: string) => unknown {
  let user: User | undefined;
  return (path) => {
    if (path === "status") return org.users.status(i, at);
    if (path === "id") return org.users.id(i);
    user ??= org.users.get(i, at);
    if (!user) return undefined;
    if (path === "type.id") return user.typeId;
    if (path.startsWith("profile.")) return valueAt(user, path);
    const value: unknown = user[path as keyof User];
    return typeof value === "number" ? instant(value) : value;
  };
}

function checkFilter(expression: Expression): void {
  for (const { path, op } of comparisons(expression)) {
    if (!FILTERABLE.has(path)) throw oktaError("E0000031", { causes: [`Invalid search criteria: ${path}`] });
    if (op !== "eq" && !(path === "lastUpdated" && ORDERING.has(op))) throw oktaError("E0000053");
  }
}

function checkSearch(org: Org, expression: Expression): void {
  for (const { path, op } of comparisons(expression)) {
    const known =
      SEARCHABLE.has(path) ||
      (path.startsWith("profile.") && org.types.some((type) => type.custom.has(path.slice(8)))) ||
      isBaseAttribute(path);
    if (!known) throw oktaError("E0000031", { causes: [`Invalid search criteria: ${path}`] });
    if (op === "ne" || op === "ew" || (op === "co" && !CONTAINS.has(path)))
      throw oktaError("E0000031", { causes: [`The operator ${op} is not supported for ${path}`] });
  }
}

function isBaseAttribute(path: string): boolean {
  return path.startsWith("profile.") && USER_BASE.has(path.slice(8));
}

interface Listing {
  readonly at: number;
  readonly candidates: (after: number) => Iterable<number>;
  readonly matches: (i: number) => boolean;
}

/** Which users a list request asks for. */
function listingOf(context: Context): Listing {
  const { org, query } = context;
  const [search, filter] = [query.get("search"), query.get("filter")];
  if (search !== null && filter !== null) throw oktaError("E0000033");
  const text = search ?? filter;
  if (text === null || text === "") {
    const at = org.listedAt();
    return {
      at,
      candidates: (after) => org.users.indexes(after),
      matches: (i) => org.users.status(i, at) !== "DEPROVISIONED",
    };
  }
  const expression = parseExpression(text, search === null ? "filter" : "search");
  if (search === null) checkFilter(expression);
  else checkSearch(org, expression);
  const at = search === null ? org.listedAt() : org.searchedAt();
  return { at, candidates: candidatesOf(org, expression), matches: (i) => evaluate(expression, reader(org, i, at)) };
}

/** The fewest users that can match: named ones, or the changed ones when only new changes are asked for. */
function candidatesOf(org: Org, expression: Expression): (after: number) => Iterable<number> {
  const ids = collectEquals(expression, "id");
  if (ids) {
    const named = ids
      .map((id) => org.ids.decode("00u", id))
      .filter((i) => i >= 0)
      .sort((a, b) => a - b);
    return (after) => [...new Set(named)].filter((i) => i > after);
  }
  const logins = collectEquals(expression, "profile.login");
  if (logins && org.lag.listMs === 0 && org.lag.searchMs === 0) {
    const named = logins
      .map((login) => org.users.findLogin(login))
      .filter((i) => i >= 0)
      .sort((a, b) => a - b);
    return (after) => named.filter((i) => i > after);
  }
  const bound = lowerBound(expression, "lastUpdated");
  const changedOnly = bound !== null && Date.parse(bound) > org.newest;
  return (after) => org.users.indexes(after, changedOnly);
}

function* matching(context: Context, listing: Listing, after: number): Generator<number> {
  const { org } = context;
  for (const i of listing.candidates(after)) {
    if (org.users.exists(i, listing.at) && listing.matches(i) && context.sees(org.users.id(i))) yield i;
  }
}

/** The number of the object that a cursor names; E0000029 when it is none of ours. */
export function cursorOf(context: Context, kind: string): number {
  const after = context.query.get("after");
  if (after === null || after === "") return -1;
  const index = context.org.ids.decode(kind, after);
  if (index < 0) throw oktaError("E0000029");
  return index;
}

function list(context: Context): Reply {
  const { org, query } = context;
  const q = query.get("q");
  if (q !== null && q !== "") return quick(context, q);
  const limit = limitOf(context, { fallback: 200, max: 200 });
  const listing = listingOf(context);
  const after = cursorOf(context, "00u");
  const sortBy = query.has("search") ? query.get("sortBy") : null;
  const rows = sortBy ? sorted(context, listing, { sortBy, after }) : matching(context, listing, after);
  const page = take(rows, limit);
  const last = page.rows.at(-1);
  const form = formOf(context);
  const next = page.more && last !== undefined ? org.users.id(last) : undefined;
  const json = page.rows.map((i) => org.users.listJson(i, form, listing.at));
  return pageOf(context, projected(json, query.get("fields")), { limit, next, drop: ["sortOrder"] });
}

function sorted(context: Context, listing: Listing, order: { sortBy: string; after: number }): number[] {
  const keys = new Map<number, string>();
  for (const i of matching(context, listing, -1))
    keys.set(i, String(reader(context.org, i, listing.at)(order.sortBy) ?? ""));
  const direction = context.query.get("sortOrder") === "desc" ? -1 : 1;
  const all = [...keys].sort(([a, x], [b, y]) => (x === y ? a - b : (x < y ? -1 : 1) * direction)).map(([i]) => i);
  return all.slice(all.indexOf(order.after) + 1);
}

/** `q`: starts-with on first name, last name and e-mail, 10 rows unless told, no pages (Okta docs, OpenAPI spec). */
function quick(context: Context, q: string): Reply {
  const { org } = context;
  const at = org.listedAt();
  const start = q.toLowerCase();
  const matches = (i: number): boolean => {
    if (org.users.status(i, at) === "DEPROVISIONED") return false;
    const profile = org.users.get(i, at)?.profile ?? {};
    return ["firstName", "lastName", "email"].some((name) =>
      String(profile[name] ?? "")
        .toLowerCase()
        .startsWith(start),
    );
  };
  const listing: Listing = { at, candidates: (after) => org.users.indexes(after), matches };
  const limit = limitOf(context, { fallback: 10, max: 200 });
  const form = formOf(context);
  const rows = take(matching(context, listing, -1), limit).rows.map((i) => org.users.listJson(i, form, at));
  return pageOf(context, rows, { limit });
}

/** `fields=id,status,profile:(login,email)` keeps the id and what is named (Okta docs). */
function projected(rows: readonly string[], fields: string | null): readonly string[] {
  if (fields === null || fields === "") return rows;
  const profile = /profile:\(([^)]*)\)/
    .exec(fields)?.[1]
    ?.split(",")
    .map((name) => name.trim());
  const top = new Set([
    "id",
    ...fields
      .replace(/profile:\([^)]*\)/, profile ? "profile" : "")
      .split(",")
      .map((name) => name.trim()),
  ]);
  return rows.map((row) => {
    const whole = Object.entries(JSON.parse(row) as JsonObject).filter(([name]) => top.has(name));
    return JSON.stringify(
      Object.fromEntries(
        whole.map(([name, value]) => [
          name,
          name === "profile" && profile && isObject(value)
            ? Object.fromEntries(profile.map((key) => [key, value[key]]))
            : value,
        ]),
      ),
    );
  });
}

/** The number of the user in a path: an id, a login, or `me`; E0000007 when there is none that the caller may see. */
export function userOf(context: Context, name = "userId"): number {
  const { org, principal } = context;
  const text = context.params[name] ?? "";
  const i = text === "me" ? (principal.userId ? org.users.find(principal.userId) : -1) : org.users.find(text);
  // Callers always see themselves, also when their role covers only some users.
  if (i < 0 || (!context.sees(org.users.id(i)) && org.users.id(i) !== principal.userId))
    throw oktaError("E0000007", { arg: `Resource not found: ${text} (User)` });
  return i;
}

function single(context: Context): Reply {
  const { org } = context;
  const user = org.users.get(userOf(context));
  if (!user) throw oktaError("E0000007", { arg: "User" });
  return ok(singleJson(context, user), { etag: etagOf(user) });
}

/** The single form of a user; `okta-response` works here too (OpenAPI spec). */
export function singleJson(context: Context, user: User): JsonObject {
  const schemaId = context.org.types.find((type) => type.id === user.typeId)?.schemaId ?? "default";
  const { credentials, ...rest } = userJson(user, schemaId, context.base);
  return formOf(context).omitCredentials ? rest : { ...rest, credentials };
}

/** Covers the profile and the type, nothing else (computed from recorded traffic); on the single GET alone. */
export function etagOf(user: User): string {
  const sorted = Object.entries(user.profile).sort(([a], [b]) => (a < b ? -1 : 1));
  return `W/"${createHash("sha256")
    .update(JSON.stringify([user.typeId, sorted]))
    .digest("hex")}"`;
}

/** Reading users. */
export function userReads(router: Router): void {
  router.add("GET", "/api/v1/users", list);
  router.add("GET", "/api/v1/users/{userId}", single);
}
