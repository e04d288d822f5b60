import { oktaError } from "../errors.js";
import { type JsonObject, objectAt } from "../json.js";
import { reconcileUser } from "./app-changes.js";
import type { Group } from "./groups.js";
import type { Org } from "./org.js";
import { changedAttributes, checkProfile } from "./profile-rules.js";
import { invalidateRules } from "./rule-changes.js";
import { GROUP_BASE } from "./schemas.js";
import { groupTarget } from "./targets.js";

/** A stored profile: a description is always there, "" when unset (recorded traffic); other nulls are left out. */
function storedGroupProfile(profile: JsonObject): JsonObject {
  const set = Object.entries(profile).filter(([, value]) => value !== null && value !== undefined);
  return { name: "", description: "", ...Object.fromEntries(set) };
}

function check(org: Org, profile: JsonObject, self: number): void {
  checkProfile(profile, { attributes: new Map([...GROUP_BASE, ...org.groupSchema.custom]), subject: "name" });
  for (const group of org.groups.all()) {
    if (group.index !== self && group.type !== "APP_GROUP" && group.profile["name"] === profile["name"])
      throw oktaError("E0000055");
  }
}

/** POST /groups: always an OKTA_GROUP. */
export function createGroup(org: Org, body: JsonObject): Group {
  const profile = objectAt(body, "profile");
  check(org, profile, -1);
  const now = org.stamp();
  const index = org.groups.newIndex();
  const group: Group = {
    index,
    id: org.groups.id(index),
    type: "OKTA_GROUP",
    objectClass: "okta:user_group",
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
    profile: storedGroupProfile(profile),
  };
  org.groups.set(index, group, org.now());
  org.happened({ type: "group.lifecycle.create", targets: [groupTarget(group)] });
  return group;
}

/** PUT /groups/{id}: the whole profile is replaced; lastUpdated moves, lastMembershipUpdated does not. */
export function updateGroup(org: Org, group: Group, body: JsonObject): Group {
  if (group.type !== "OKTA_GROUP") throw oktaError("E0000111", { arg: "group" });
  const profile = objectAt(body, "profile");
  check(org, profile, group.index);
  const stored = storedGroupProfile(profile);
  const changed = changedAttributes(group.profile, stored);
  if (changed.length === 0) return group;
  const updated = { ...group, profile: stored, lastUpdated: org.stamp() };
  org.groups.set(group.index, updated, org.now());
  org.happened({
    type: "group.profile.update",
    targets: [groupTarget(updated)],
    debugData: { changedAttributes: changed.join(",") },
  });
  return updated;
}

/** DELETE /groups/{id}: memberships and assignments go with it without an event each. */
export function deleteGroup(org: Org, group: Group): void {
  if (group.type === "BUILT_IN") throw oktaError("E0000111", { arg: "group" });
  const apps = [...org.apps.all()].filter((app) => org.assignments.group(app.index, group.index));
  const members = apps.length > 0 ? [...org.members.of(group.index)] : [];
  org.groups.set(group.index, null, org.now());
  org.roles.delete(group.id);
  org.happened({ type: "group.lifecycle.delete", targets: [groupTarget(group)] });
  invalidateRules(org, group.id);
  // Users lose what the group granted them by Okta's reconciliation job, which logs each removal.
  org.later(() => {
    for (const u of members) reconcileUser(org, u, { apps });
  });
}
