import { oktaError } from "../errors.js";
import { reconcileUser } from "./app-changes.js";
import type { Group } from "./groups.js";
import type { Org } from "./org.js";
import { groupTarget, userTarget } from "./targets.js";

function changeable(org: Org, groupId: string, userId: string): { group: Group; u: number } {
  const group = org.groups.find(groupId);
  if (!group) throw oktaError("E0000007", { arg: `Resource not found: ${groupId} (UserGroup)` });
  const u = org.users.find(userId);
  if (u < 0) throw oktaError("E0000007", { arg: `Resource not found: ${userId} (User)` });
  if (group.type !== "OKTA_GROUP") throw oktaError("E0000111", { arg: "group" });
  return { group, u };
}

/** PUT /groups/{id}/users/{id}. A repeat changes nothing (not documented: assumed). */
export function addMember(org: Org, groupId: string, userId: string): void {
  const { group, u } = changeable(org, groupId, userId);
  putMember(org, group, { u, by: "direct" });
}

/** DELETE /groups/{id}/users/{id}. */
export function removeMember(org: Org, groupId: string, userId: string): void {
  const { group, u } = changeable(org, groupId, userId);
  dropMember(org, group, u);
}

/** Makes `u` a member, with event and consequences; `by` is `direct` or a rule's id. */
export function putMember(org: Org, group: Group, member: { u: number; by: string }): void {
  const { u, by } = member;
  if (org.members.has(group.index, u)) return;
  org.members.set(group.index, u, { membership: { by }, now: org.now() });
  membershipChanged(org, group, { u, type: "group.user_membership.add", by });
}

export function dropMember(org: Org, group: Group, u: number): void {
  const membership = org.members.membership(group.index, u);
  if (!membership) return;
  org.members.set(group.index, u, { membership: null, now: org.now() });
  membershipChanged(org, group, { u, type: "group.user_membership.remove", by: membership.by });
}

function membershipChanged(org: Org, group: Group, change: { u: number; type: string; by: string }): void {
  const user = org.users.get(change.u);
  if (!user) return;
  const byRule = change.by !== "direct";
  org.happened({
    type: change.type,
    targets: [userTarget(user), groupTarget(group)],
    ...(byRule ? { transaction: "JOB" as const, debugData: { triggeredByGroupRuleId: change.by } } : {}),
  });
  // lastMembershipUpdated moves a moment after the call (recorded traffic).
  org.later(() => {
    const now = org.groups.get(group.index);
    if (now) org.groups.set(group.index, { ...now, lastMembershipUpdated: org.stamp() }, org.now());
    reconcileUser(org, change.u, { groups: [group.index] });
    org.memberReactions(change.u);
  });
}
