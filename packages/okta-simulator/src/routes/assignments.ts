import { oktaError } from "../errors.js";
import { bodyOf, type Context, limitOf, NO_CONTENT, ok, pageOf, type Reply, take } from "../http.js";
import { type Json, type JsonObject, stringAt } from "../json.js";
import type { App } from "../org/apps.js";
import { assignGroup, assignUser, unassignGroup, unassignUser, updateAppUser } from "../org/assignment-changes.js";
import { type AppGroup, appGroupJson, type AppUser, appUserJson } from "../org/assignments.js";
import { groupJson } from "../org/groups.js";
import type { Org } from "../org/org.js";
import type { User } from "../org/users.js";
import type { Router } from "../router.js";
import { appOf } from "./apps.js";
import { groupOf } from "./groups.js";
import { cursorOf, formOf, userOf } from "./users.js";

/** An application user as list and single GET show it. */
function assignedJson(org: Org, assigned: AppUser, on: { app: App; u: number; base: string }): JsonObject {
  const group = assigned.scope === "GROUP" && assigned.group !== undefined ? org.groups.get(assigned.group) : undefined;
  return appUserJson(assigned, org.users.id(on.u), {
    base: on.base,
    appId: on.app.id,
    ...(group ? { group: { id: group.id, name: String(group.profile["name"]) } } : {}),
  });
}

/** What `q` is matched against (OpenAPI spec), in lower case. */
function namesOf(org: Org, u: number, assigned: AppUser): string[] {
  const { firstName, lastName, email } = org.users.get(u)?.profile ?? {};
  return [assigned.userName, firstName, lastName, email].map((name) => String(name ?? "").toLowerCase());
}

function users(context: Context): Reply {
  const { org, query } = context;
  const app = appOf(context);
  // A filter is refused though old docs name one (seen in issue threads).
  if (query.has("filter")) throw oktaError("E0000031");
  const limit = limitOf(context, { fallback: 50, max: 500 });
  const at = org.listedAt();
  const q = query.get("q")?.toLowerCase();
  const rows = function* (): Generator<readonly [number, AppUser]> {
    for (const u of org.assignments.usersOf(app, cursorOf(context, "00u"), at)) {
      const assigned = org.assignments.user(app, u, at);
      if (
        assigned &&
        context.sees(org.users.id(u)) &&
        (!q || namesOf(org, u, assigned).some((name) => name.startsWith(q)))
      )
        yield [u, assigned];
    }
  };
  const page = take(rows(), limit);
  const last = page.rows.at(-1);
  const embed = query.get("expand") === "user";
  const json = page.rows.map(([u, assigned]) => {
    const text = JSON.stringify(assignedJson(org, assigned, { app, u, base: context.base }));
    return embed ? `${text.slice(0, -1)},"_embedded":{"user":${org.users.listJson(u, formOf(context), at)}}}` : text;
  });
  return pageOf(context, json, { limit, next: page.more && last ? org.users.id(last[0]) : undefined });
}

function pair(context: Context): { app: App; user: User } {
  const app = appOf(context);
  const user = context.org.users.get(userOf(context));
  if (!user) throw oktaError("E0000007", { arg: "User" });
  return { app, user };
}

function userReply(context: Context, on: { app: App; user: User }, assigned: AppUser | undefined): Reply {
  if (!assigned) throw oktaError("E0000007", { arg: `Resource not found: ${on.user.id} (AppUser)` });
  return ok(assignedJson(context.org, assigned, { app: on.app, u: on.user.index, base: context.base }));
}

function assign(context: Context): Reply {
  const body = bodyOf(context);
  const id = stringAt(body, "id");
  if (!id) throw oktaError("E0000001", { arg: "id", causes: ["id: The field cannot be left blank"] });
  const on = pair({ ...context, params: { ...context.params, userId: id } });
  return userReply(context, on, assignUser(context.org, on, body));
}

function groups(context: Context): Reply {
  const { org, query } = context;
  const app = appOf(context);
  // The OpenAPI spec names 20 as the least; Okta's own integration tests get pages of one and two.
  const limit = limitOf(context, { fallback: 20, max: 200 });
  const at = org.listedAt();
  const q = query.get("q")?.toLowerCase();
  const matches = (assigned: AppGroup): boolean =>
    context.sees(org.groups.id(assigned.group)) &&
    (!q || String(org.groups.get(assigned.group, at)?.profile["name"]).toLowerCase().startsWith(q));
  const page = take([...org.assignments.groupsOf(app.index, cursorOf(context, "00g"), at)].filter(matches), limit);
  const last = page.rows.at(-1);
  const rows = page.rows.map((assigned) => {
    const json = appGroupJson(assigned, org.groups.id(assigned.group), { base: context.base, appId: app.id });
    const group = query.get("expand") === "group" ? org.groups.get(assigned.group, at) : undefined;
    return JSON.stringify(group ? { ...json, _embedded: { group: groupJson(group, context.base) } } : json);
  });
  return pageOf(context, rows, { limit, next: page.more && last ? org.groups.id(last.group) : undefined });
}

function groupReply(context: Context, assigned: AppGroup | undefined): Reply {
  const app = appOf(context);
  const group = groupOf(context);
  if (!assigned) throw oktaError("E0000007", { arg: `Resource not found: ${group.id} (GroupAssignment)` });
  return ok(appGroupJson(assigned, group.id, { base: context.base, appId: app.id }));
}

/** PATCH takes a JSON Patch that replaces /priority or /profile (OpenAPI spec). */
function patchGroup(context: Context): Reply {
  const on = { app: appOf(context), group: groupOf(context) };
  const present = context.org.assignments.group(on.app.index, on.group.index);
  if (!present) return groupReply(context, undefined);
  let body: Record<string, Json | undefined> = { priority: present.priority, profile: present.profile };
  const patch: unknown = context.bodyText === "" ? [] : JSON.parse(context.bodyText);
  if (!Array.isArray(patch)) throw oktaError("E0000003");
  for (const step of patch as JsonObject[])
    body = { ...body, [String(step["path"]).replace(/^\//, "")]: step["value"] };
  return groupReply(context, assignGroup(context.org, on, body));
}

/** Who is assigned to an application. */
export function assignmentRoutes(router: Router): void {
  const user = "/api/v1/apps/{appId}/users/{userId}";
  const group = "/api/v1/apps/{appId}/groups/{groupId}";
  router.add("GET", "/api/v1/apps/{appId}/users", users);
  router.add("POST", "/api/v1/apps/{appId}/users", assign);
  router.add("GET", user, (context) => {
    const on = pair(context);
    return userReply(context, on, context.org.assignments.user(on.app, on.user.index));
  });
  router.add("POST", user, (context) => {
    const on = pair(context);
    return userReply(context, on, updateAppUser(context.org, on, bodyOf(context)));
  });
  router.add("DELETE", user, (context) => {
    unassignUser(context.org, pair(context));
    return NO_CONTENT;
  });
  router.add("GET", "/api/v1/apps/{appId}/groups", groups);
  router.add("GET", group, (context) =>
    groupReply(context, context.org.assignments.group(appOf(context).index, groupOf(context).index)),
  );
  router.add("PUT", group, (context) =>
    groupReply(context, assignGroup(context.org, { app: appOf(context), group: groupOf(context) }, bodyOf(context))),
  );
  router.add("PATCH", group, patchGroup);
  router.add("DELETE", group, (context) => {
    unassignGroup(context.org, { app: appOf(context), group: groupOf(context) });
    return NO_CONTENT;
  });
}
