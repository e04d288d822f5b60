import { oktaError } from "../errors.js";
import { collectEquals, comparisons, evaluate, type Expression, parseExpression } from "../expression.js";
import { type Context, limitOf, ok, pageOf, type Reply, take } from "../http.js";
import { instant, type JsonObject, valueAt } from "../json.js";
import { type Group, groupJson } from "../org/groups.js";
import { GROUP_BASE } from "../org/schemas.js";
import { rolesOfGroup } from "../resources/role-assignments.js";
import type { Router } from "../router.js";
import { cursorOf, formOf, userOf } from "./users.js";

/** `filter` on groups (Okta docs): eq on id and type; dates eq, gt, lt (ge is seen to work). */
const FILTERABLE = new Set(["id", "type", "lastUpdated", "lastMembershipUpdated"]);
const DATES = new Set(["created", "lastUpdated", "lastMembershipUpdated"]);
const SEARCHABLE = new Set(["id", "type", "created", "lastUpdated", "lastMembershipUpdated", "source.id"]);

function valueOf(group: Group): (path: string) => unknown {
  return (path) => {
    if (path.startsWith("profile.")) return valueAt(group, path);
    if (path === "source.id") return group.sourceAppId;
    const value: unknown = group[path as keyof Group];
    return typeof value === "number" ? instant(value) : value;
  };
}

function check(context: Context, expression: Expression, kind: "filter" | "search"): void {
  for (const { path, op } of comparisons(expression)) {
    const attribute = path.startsWith("profile.") ? path.slice(8) : "";
    const known =
      kind === "filter"
        ? FILTERABLE.has(path)
        : SEARCHABLE.has(path) || GROUP_BASE.has(attribute) || context.org.groupSchema.custom.has(attribute);
    if (!known) throw oktaError("E0000031", { causes: [`Invalid search criteria: ${path}`] });
    const allowed =
      op === "eq" ||
      op === "pr" ||
      (DATES.has(path) && ["gt", "lt", "ge", "le"].includes(op)) ||
      (kind === "search" &&
        (op === "sw" ||
          (op === "co" && ["profile.name", "profile.description"].includes(path)) ||
          ["gt", "lt", "ge", "le"].includes(op)));
    if (!allowed) throw oktaError(kind === "filter" ? "E0000053" : "E0000031");
  }
}

function list(context: Context): Reply {
  const { org, query } = context;
  const q = query.get("q");
  const [search, filter] = [query.get("search"), query.get("filter")];
  if (search !== null && filter !== null) throw oktaError("E0000033");
  const text = search ?? filter;
  const expression = text ? parseExpression(text, search === null ? "filter" : "search") : undefined;
  if (expression) check(context, expression, search === null ? "filter" : "search");
  const at = search === null ? org.listedAt() : org.searchedAt();
  const ids = expression ? collectEquals(expression, "id") : null;
  const seen = (group: Group): boolean =>
    context.sees(group.id) &&
    (!expression || evaluate(expression, valueOf(group))) &&
    (q === null || String(group.profile["name"]).toLowerCase().startsWith(q.toLowerCase()));
  const limit = limitOf(context, { fallback: q === null ? 200 : 300, max: 10_000 });
  const after = cursorOf(context, "00g");
  let rows: Iterable<Group> = ids
    ? ids.map((id) => org.groups.get(org.ids.decode("00g", id), at)).filter((group) => group !== undefined)
    : org.groups.all(at, after);
  const sortBy = search === null ? null : query.get("sortBy");
  if (sortBy) rows = sorted([...org.groups.all(at)], { sortBy, descending: query.get("sortOrder") === "desc", after });
  const page = take([...rows].filter(seen), limit);
  const json = page.rows.map((group) => JSON.stringify(expanded(context, group)));
  // With q there is no Link header at all (recorded traffic: 443 of 443).
  if (q !== null) return { status: 200, rows: json };
  return pageOf(context, json, { limit, next: page.more ? page.rows.at(-1)?.id : undefined });
}

function sorted(groups: Group[], order: { sortBy: string; descending: boolean; after: number }): Group[] {
  const key = (group: Group): string => String(valueOf(group)(order.sortBy) ?? "");
  const all = groups.sort((a, b) =>
    key(a) === key(b) ? a.index - b.index : (key(a) < key(b) ? -1 : 1) * (order.descending ? -1 : 1),
  );
  return all.slice(all.findIndex((group) => group.index === order.after) + 1);
}

function expanded(context: Context, group: Group): JsonObject {
  const json = groupJson(group, context.base);
  if (context.query.get("expand") !== "stats") return json;
  const { org, base, resources } = context;
  const href = `${base}/api/v1/groups/${group.id}`;
  return {
    ...json,
    _embedded: {
      stats: {
        usersCount: org.members.count(group.index, org.listedAt()),
        appsCount: [...org.apps.all()].filter((app) => org.assignments.group(app.index, group.index)).length,
        groupPushMappingsCount: 0,
        hasAdminPrivilege: rolesOfGroup(org, resources, group.id).length > 0,
        _links: { users: { href: `${href}/users` }, apps: { href: `${href}/apps` } },
      },
    },
  };
}

/** The group in the path; E0000007 when there is none that the caller may see. */
export function groupOf(context: Context): Group {
  const id = context.params["groupId"] ?? "";
  const group = context.org.groups.find(id);
  if (!group || !context.sees(id)) throw oktaError("E0000007", { arg: `Resource not found: ${id} (UserGroup)` });
  return group;
}

function members(context: Context): Reply {
  const { org } = context;
  const group = groupOf(context);
  const limit = limitOf(context, { fallback: 1000, max: 1000 });
  const at = org.listedAt();
  const visible = function* (): Generator<number> {
    for (const u of org.members.of(group.index, cursorOf(context, "00u"), at))
      if (context.sees(org.users.id(u))) yield u;
  };
  const page = take(visible(), limit);
  const last = page.rows.at(-1);
  const form = formOf(context);
  return pageOf(
    context,
    page.rows.map((u) => org.users.listJson(u, form, at)),
    { limit, next: page.more && last !== undefined ? org.users.id(last) : undefined },
  );
}

/** A user's groups, 200 a page though the spec names no pages (recorded traffic). */
function ofUser(context: Context): Reply {
  const { org } = context;
  const u = userOf(context);
  const at = org.listedAt();
  const limit = limitOf(context, { fallback: 200, max: 200 });
  const mine = [...org.groups.all(at, cursorOf(context, "00g"))].filter(
    (group) => org.members.has(group.index, u, at) && context.sees(group.id),
  );
  const page = take(mine, limit);
  return pageOf(
    context,
    page.rows.map((group) => JSON.stringify(groupJson(group, context.base))),
    { limit, next: page.more ? page.rows.at(-1)?.id : undefined },
  );
}

/** Reading groups and their members. */
export function groupReads(router: Router): void {
  router.add("GET", "/api/v1/groups", list);
  router.add("GET", "/api/v1/groups/{groupId}", (context) => ok(groupJson(groupOf(context), context.base)));
  router.add("GET", "/api/v1/groups/{groupId}/users", members);
  router.add("GET", "/api/v1/users/{userId}/groups", ofUser);
}
