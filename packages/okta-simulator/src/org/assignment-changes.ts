import { oktaError } from "../errors.js";
import { type JsonObject, objectAt, stringAt } from "../json.js";
import { reconcileUser } from "./app-changes.js";
import type { App } from "./apps.js";
import { type AppGroup, type AppUser, newAppUser } from "./assignments.js";
import type { Group } from "./groups.js";
import type { Org } from "./org.js";
import { appTarget, appUserTarget, groupTarget, userTarget } from "./targets.js";
import type { User } from "./users.js";

function log(org: Org, type: string, pair: { app: App; user: User }): void {
  org.happened({
    type,
    targets: [appUserTarget(org, pair.app, pair.user), appTarget(pair.app), userTarget(pair.user)],
  });
}

/** POST /apps/{id}/users: assigns a user, or makes an assignment by group an individual one. */
export function assignUser(org: Org, pair: { app: App; user: User }, body: JsonObject): AppUser {
  const { app, user } = pair;
  if (user.status === "DEPROVISIONED") throw oktaError("E0000117");
  const present = org.assignments.user(app, user.index);
  if (present?.scope === "USER") throw oktaError("E0000062");
  const made = changed(present ?? newAppUser(app, user, org.stamp()), body);
  const { group: _group, ...rest } = made;
  const assigned: AppUser = { ...rest, scope: "USER", lastUpdated: org.stamp() };
  org.assignments.setUser(app.index, user.index, { user: assigned, now: org.now() });
  log(org, present ? "application.user_membership.update" : "application.user_membership.add", pair);
  return assigned;
}

function changed(before: AppUser, body: JsonObject): AppUser {
  const credentials = objectAt(body, "credentials");
  const password = stringAt(objectAt(credentials, "password"), "value");
  return {
    ...before,
    userName: stringAt(credentials, "userName") ?? before.userName,
    profile: { ...before.profile, ...objectAt(body, "profile") },
    ...(password === undefined ? {} : { passwordChanged: before.lastUpdated }),
  };
}

/** POST /apps/{id}/users/{id}: partial. */
export function updateAppUser(org: Org, pair: { app: App; user: User }, body: JsonObject): AppUser {
  const { app, user } = pair;
  const present = org.assignments.user(app, user.index);
  if (!present) throw oktaError("E0000007", { arg: `Resource not found: ${user.id} (AppUser)` });
  const now = org.stamp();
  const password = stringAt(objectAt(objectAt(body, "credentials"), "password"), "value");
  const scope = stringAt(body, "scope") === "USER" ? { scope: "USER" as const } : {};
  const updated: AppUser = {
    ...changed(present, body),
    ...scope,
    lastUpdated: now,
    ...(password === undefined ? {} : { passwordChanged: now }),
  };
  org.assignments.setUser(app.index, user.index, { user: updated, now: org.now() });
  log(org, "application.user_membership.update", pair);
  if (updated.userName !== present.userName) log(org, "application.user_membership.change_username", pair);
  if (password !== undefined) log(org, "application.user_membership.change_password", pair);
  return updated;
}

/** DELETE /apps/{id}/users/{id}. */
export function unassignUser(org: Org, pair: { app: App; user: User }): void {
  const { app, user } = pair;
  if (!org.assignments.user(app, user.index))
    throw oktaError("E0000007", { arg: `Resource not found: ${user.id} (AppUser)` });
  org.assignments.setUser(app.index, user.index, { user: null, now: org.now() });
  log(org, "application.user_membership.remove", pair);
}

/** PUT /apps/{id}/groups/{id}: assigns or replaces; its members get their assignments a moment later. */
export function assignGroup(org: Org, pair: { app: App; group: Group }, body: JsonObject): AppGroup {
  const { app, group } = pair;
  const present = org.assignments.group(app.index, group.index);
  const priority = body["priority"];
  const taken = [...org.assignments.groupsOf(app.index)];
  const assigned: AppGroup = {
    group: group.index,
    priority: typeof priority === "number" ? priority : (present?.priority ?? taken.length),
    profile: objectAt(body, "profile"),
    lastUpdated: org.stamp(),
  };
  org.assignments.setGroup(app.index, assigned, org.now());
  org.happened({
    type: `group.application_assignment.${present ? "update" : "add"}`,
    targets: [groupTarget(group), appTarget(app)],
  });
  if (!present) org.later(() => reconcileMembers(org, app, group));
  return assigned;
}

/** DELETE /apps/{id}/groups/{id}: what it alone granted ends a moment later. */
export function unassignGroup(org: Org, pair: { app: App; group: Group }): void {
  const { app, group } = pair;
  if (!org.assignments.group(app.index, group.index))
    throw oktaError("E0000007", { arg: `Resource not found: ${group.id} (GroupAssignment)` });
  org.assignments.removeGroup(app.index, group.index, org.now());
  org.happened({ type: "group.application_assignment.remove", targets: [groupTarget(group), appTarget(app)] });
  org.later(() => reconcileMembers(org, app, group));
}

function reconcileMembers(org: Org, app: App, group: Group): void {
  for (const u of org.members.of(group.index)) reconcileUser(org, u, { apps: [app] });
}
