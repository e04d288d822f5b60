import { oktaError } from "../errors.js";
import { instant, type JsonObject, stringAt } from "../json.js";
import type { Org } from "./org.js";
import type { RoleAssignment } from "./role-assignment.js";
import { userTarget } from "./targets.js";

const LABELS: Readonly<Record<string, string>> = {
  SUPER_ADMIN: "Super Administrator",
  ORG_ADMIN: "Organization Administrator",
  APP_ADMIN: "Application Administrator",
  USER_ADMIN: "Group Administrator",
  HELP_DESK_ADMIN: "Help Desk Administrator",
  READ_ONLY_ADMIN: "Read Only Administrator",
  API_ACCESS_MANAGEMENT_ADMIN: "API Access Management Administrator",
  REPORT_ADMIN: "Report Administrator",
  GROUP_MEMBERSHIP_ADMIN: "Group Membership Administrator",
};

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

/** Gives `holder` (a user's or client's id) a standard role. */
export function grantRole(org: Org, holder: string, type: string): RoleAssignment {
  if (!(type in LABELS)) throw oktaError("E0000001", { arg: "type", causes: ["type: The role type is invalid"] });
  if (rolesOf(org, holder).some((role) => role.type === type)) throw oktaError("E0000090");
  const client = holder.startsWith("0oa");
  const role: RoleAssignment = {
    id: type === "SUPER_ADMIN" ? `ra1${holder.slice(3)}` : base32(type),
    type,
    assignmentType: client ? "CLIENT" : "USER",
    created: org.stamp(),
    groupTargets: [],
    appTargets: [],
  };
  org.roles.set(holder, [...rolesOf(org, holder), role]);
  logRoles(org, holder, "grant");
  return role;
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
  org.happened({
    type: user ? `user.account.privilege.${verb}` : `app.oauth2.client.privilege.${verb}`,
    targets: [user ? userTarget(user) : { id: holder, type: "AppInstance" }],
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
  const href =
    role.assignmentType === "CLIENT" ? `${base}/oauth2/v1/clients/${holder}` : `${base}/api/v1/users/${holder}`;
  return {
    id: role.id,
    label: LABELS[role.type] ?? role.type,
    type: role.type,
    status: "ACTIVE",
    created: instant(role.created),
    lastUpdated: instant(role.created),
    assignmentType: role.assignmentType,
    _links: { assignee: { href } },
  };
}

export function roleTypeIn(body: JsonObject): string {
  return stringAt(body, "type") ?? "";
}
