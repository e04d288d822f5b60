import { oktaError } from "../errors.js";
import { instant, type JsonObject, stringAt } from "../json.js";
import type { Group } from "./groups.js";
import type { Org } from "./org.js";
import type { RoleAssignment } from "./role-assignment.js";
import { groupTarget, userTarget } from "./targets.js";

/** Labels of the standard roles (recorded traffic). */
const LABELS: Readonly<Record<string, string>> = {
  SUPER_ADMIN: "Super Administrator",
  ORG_ADMIN: "Organization Administrator",
  APP_ADMIN: "Application Administrator",
  USER_ADMIN: "Group Administrator",
  HELP_DESK_ADMIN: "Help Desk Administrator",
  READ_ONLY_ADMIN: "Read-only Administrator",
  API_ACCESS_MANAGEMENT_ADMIN: "API Access Management Administrator",
  REPORT_ADMIN: "Report Administrator",
  GROUP_MEMBERSHIP_ADMIN: "Group Membership Administrator",
};

/** A group's label where it is another than a user's (recorded traffic). */
const GROUP_LABELS: Readonly<Record<string, string>> = {
  SUPER_ADMIN: "Super Organization Administrator",
  USER_ADMIN: "User Administrator",
};

/** Roles that can be limited to targets; their assignments have a constant id (recorded traffic). */
const TARGETED = new Set(["APP_ADMIN", "USER_ADMIN", "HELP_DESK_ADMIN", "GROUP_MEMBERSHIP_ADMIN"]);

/** Base32 of the type: the constant id of a standard role's assignment (recorded traffic: APP_ADMIN is IFIFAX2BIRGUSTQ). */
function base32(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const byte of Buffer.from(text)) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet.charAt(Number.parseInt(five.padEnd(5, "0"), 2))).join("");
}

export function rolesOf(org: Org, holder: string): readonly RoleAssignment[] {
  return org.roles.get(holder) ?? [];
}

/** The role that the token's owner and the service app have from the start. */
export function superAdmin(org: Org, holder: string): RoleAssignment {
  const assignmentType = holder.startsWith("0oa") ? "CLIENT" : "USER";
  return {
    id: `ra1${holder.slice(3)}`,
    type: "SUPER_ADMIN",
    assignmentType,
    created: org.newest - 86_400_000,
    groupTargets: [],
    appTargets: [],
  };
}

/** A standard role that `holder` has had since before the log begins. */
export function standardRole(org: Org, holder: string, type: string): RoleAssignment {
  return { ...superAdmin(org, holder), id: base32(type), type };
}

/** What the org's first users hold from the start, and one small group whose roles are limited. */
export function seedRoles(org: Org): void {
  const give = (holder: string, types: readonly string[]): void => {
    org.roles.set(
      holder,
      types.map((type) => assignment(org, holder, { type, created: org.newest - 3_600_000 })),
    );
  };
  if (org.users.exists(1)) give(org.users.id(1), ["APP_ADMIN", "HELP_DESK_ADMIN"]);
  if (org.users.exists(2)) give(org.users.id(2), ["READ_ONLY_ADMIN"]);
  const small = [...org.groups.all()].findLast((group) => {
    if (refusal(org, group) || org.members.has(group.index, 0)) return false;
    const count = org.members.count(group.index);
    return count > 0 && count <= 50;
  });
  if (!small) return;
  give(small.id, ["REPORT_ADMIN", "HELP_DESK_ADMIN", "APP_ADMIN"]);
  const [, ...groups] = [...org.groups.all()].map(({ id }) => id);
  const [app] = [...org.apps.all()].map(({ id }) => id);
  targetRole(org, { holder: small.id, roleId: base32("HELP_DESK_ADMIN") }, { groups: groups.slice(0, 2) });
  targetRole(
    org,
    { holder: small.id, roleId: base32("APP_ADMIN") },
    { apps: [...(app === undefined ? [] : [app]), "facebook"] },
  );
}

/** Why Okta gives a group no role, or undefined. */
function refusal(org: Org, group: Group): string | undefined {
  if (group.type === "BUILT_IN") return "E0000211";
  if (group.type === "APP_GROUP" && group.objectClass === "okta:user_group") return "E0000194";
  if ([...org.allRules()].some((rule) => rule.groupIds.includes(group.id))) return "E0000192";
  return org.members.count(group.index) > 5000 ? "E0000193" : undefined;
}

function assignment(org: Org, holder: string, { type, created }: { type: string; created: number }): RoleAssignment {
  const group = holder.startsWith("00g");
  return {
    id: TARGETED.has(type) ? base32(type) : org.ids.encode(group ? "gra" : "ra1", org.fresh()),
    type,
    assignmentType: group ? "GROUP" : holder.startsWith("0oa") ? "CLIENT" : "USER",
    created,
    groupTargets: [],
    appTargets: [],
  };
}

/** Gives `holder` (the id of a user, group or client) a standard role. */
export function grantRole(org: Org, holder: string, type: string): RoleAssignment {
  if (!(type in LABELS)) throw oktaError("E0000001", { arg: "type", causes: ["type: The role type is invalid"] });
  if (rolesOf(org, holder).some((role) => role.type === type)) throw oktaError("E0000090");
  const group = org.groups.find(holder);
  const code = group && refusal(org, group);
  if (code !== undefined) throw oktaError(code, { arg: holder });
  const role = assignment(org, holder, { type, created: org.stamp() });
  org.roles.set(holder, [...rolesOf(org, holder), role]);
  logRoles(org, holder, "grant");
  return role;
}

/** A role that somebody has, with whose assignment it is. */
export interface HeldRole {
  readonly role: RoleAssignment;
  readonly assignee: string;
}

/** The standard roles that user `u` has from groups. */
export function inheritedRoles(org: Org, u: number): HeldRole[] {
  return [...org.roles].flatMap(([assignee, roles]) => {
    const group = org.groups.find(assignee);
    return group && org.members.has(group.index, u) ? roles.map((role) => ({ role, assignee })) : [];
  });
}

export function revokeRole(org: Org, holder: string, roleId: string): void {
  const rest = rolesOf(org, holder).filter((role) => role.id !== roleId);
  if (rest.length === rolesOf(org, holder).length)
    throw oktaError("E0000007", { arg: `Resource not found: ${roleId} (RoleAssignment)` });
  org.roles.set(holder, rest);
  logRoles(org, holder, rest.length === 0 ? "revoke" : "grant");
}

/** The event's target is the holder; the text lists all roles that are left (Okta docs). */
function logRoles(org: Org, holder: string, verb: "grant" | "revoke"): void {
  const privilegeGranted = rolesOf(org, holder)
    .map((role) => LABELS[role.type] ?? role.type)
    .join(", ");
  const user = org.users.get(org.ids.decode("00u", holder));
  const group = org.groups.find(holder);
  const family = user ? "user.account" : group ? "group" : "app.oauth2.client";
  org.happened({
    type: `${family}.privilege.${verb}`,
    targets: [user ? userTarget(user) : group ? groupTarget(group) : { id: holder, type: "AppInstance" }],
    ...(verb === "grant" ? { debugData: { privilegeGranted } } : {}),
  });
}

/** Limits a role to groups and applications; empty lists = no limit. */
export function targetRole(
  org: Org,
  assignment: { holder: string; roleId: string },
  targets: { groups?: readonly string[]; apps?: readonly string[] },
): void {
  const { holder, roleId } = assignment;
  org.roles.set(
    holder,
    rolesOf(org, holder).map((role) =>
      role.id === roleId
        ? { ...role, groupTargets: targets.groups ?? role.groupTargets, appTargets: targets.apps ?? role.appTargets }
        : role,
    ),
  );
}

export function roleJson(role: RoleAssignment, holder: string, base: string): JsonObject {
  const { custom, assignmentType, type } = role;
  const href =
    assignmentType === "CLIENT"
      ? `${base}/oauth2/v1/clients/${holder}`
      : `${base}/api/v1/${assignmentType === "GROUP" ? "groups" : "users"}/${holder}`;
  const standard = (assignmentType === "GROUP" ? GROUP_LABELS[type] : undefined) ?? LABELS[type] ?? type;
  return {
    id: role.id,
    ...(custom ? { role: custom.role, "resource-set": custom.resourceSet } : {}),
    label: custom?.label ?? standard,
    type,
    status: "ACTIVE",
    created: instant(role.created),
    lastUpdated: instant(role.created),
    assignmentType,
    _links: { assignee: { href } },
  };
}

export function roleTypeIn(body: JsonObject): string {
  return stringAt(body, "type") ?? "";
}
