import type { JsonObject } from "../json.js";
import type { Org } from "../org/org.js";
import type { RoleAssignment } from "../org/role-assignment.js";
import { type HeldRole, inheritedRoles, roleJson, rolesOf } from "../org/roles.js";
import { customAssignments, customHolders } from "./custom-assignments.js";
import { customRoles } from "./custom-roles.js";
import { type Ancestors, defineResource, type ResourceContext, type Resources } from "./definition.js";

/** Every role of a user, its own ones first. Whether an id that is in several of them is listed twice is not documented. */
export function rolesOfUser(org: Org, resources: Resources, u: number): HeldRole[] {
  const own = org.users.id(u);
  const groups = [...customHolders(resources)].filter((id) => {
    const group = org.groups.find(id);
    return group !== undefined && org.members.has(group.index, u);
  });
  const of = (assignee: string, roles: readonly RoleAssignment[]): HeldRole[] =>
    roles.map((role) => ({ role, assignee }));
  const all = [
    ...of(own, rolesOf(org, own)),
    ...of(own, customAssignments(resources, own)),
    ...inheritedRoles(org, u),
    ...groups.flatMap((id) => of(id, customAssignments(resources, id))),
  ];
  return all.filter(({ role }, at) => all.findIndex((other) => other.role.id === role.id) === at);
}

/** Every role of a group. */
export function rolesOfGroup(org: Org, resources: Resources, id: string): RoleAssignment[] {
  return [...rolesOf(org, id), ...customAssignments(resources, id)];
}

/** Numbers of the users with any role, ascending. */
function assignees(org: Org, resources: Resources): number[] {
  const holders = [...org.roles].filter(([, roles]) => roles.length > 0).map(([holder]) => holder);
  const found = new Set<number>();
  for (const holder of [...holders, ...customHolders(resources)]) {
    const group = org.groups.find(holder);
    if (group) for (const u of org.members.of(group.index)) found.add(u);
    const u = org.ids.decode("00u", holder);
    if (org.users.exists(u)) found.add(u);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** Users with any admin role, their own or a group's. */
export const roleAssignees = defineResource({
  name: "role_assignees",
  kind: "User",
  path: "/api/v1/iam/assignees/users",
  scope: "okta.roles",
  list: { wrapped: { at: "value", size: 100 } },
  readable: false,
  shown: (item, { base }) => {
    const href = `${base}/api/v1/users/${String(item["id"])}`;
    return { ...item, _links: { roles: { href: `${href}/roles` }, self: { href } } };
  },
  derived: ({ org, resources }) =>
    assignees(org, resources).map((u) => {
      const id = org.users.id(u);
      return { id, orn: org.orn("directory", `users:${id}`) };
    }),
});

/** The roles of users for those who ask the org itself; over HTTP they are routes of their own. */
export const userRoles = defineResource({
  name: "user_roles",
  kind: "RoleAssignment",
  path: "/api/v1/users/{userId}/roles",
  ancestors: { userId: "role_assignees" },
  scope: "okta.roles",
  list: null,
  readable: false,
  shown: (item, { org, resources, ancestors, base }) =>
    rolesOfUser(org, resources, org.users.find(ancestors["userId"] ?? ""))
      .filter(({ role }) => role.id === item["id"])
      .map(({ role, assignee }): JsonObject => roleJson(role, assignee, base))[0] ?? item,
  derived: ({ org, resources, ancestors }) =>
    rolesOfUser(org, resources, org.users.find(ancestors["userId"] ?? "")).map(({ role }) => ({ id: role.id })),
});

/** The roles of groups, likewise. */
export const groupRoles = defineResource({
  name: "group_roles",
  kind: "RoleAssignment",
  path: "/api/v1/groups/{groupId}/roles",
  ancestors: { groupId: "groups" },
  scope: "okta.roles",
  list: null,
  readable: false,
  shown: (item, { org, resources, ancestors, base }) => {
    const id = ancestors["groupId"] ?? "";
    const role = rolesOfGroup(org, resources, id).find((one) => one.id === item["id"]);
    return role ? roleJson(role, id, base) : item;
  },
  derived: ({ org, resources, ancestors }) =>
    rolesOfGroup(org, resources, ancestors["groupId"] ?? "").map(({ id }) => ({ id })),
});

/** The standard roles (OpenAPI spec) and the org's own: whatever has subscriptions. Okta has no list of them. */
export const subscribingRoles = defineResource({
  name: "subscribing_roles",
  kind: "Role",
  path: "/api/v1/roles",
  scope: "okta.roles",
  list: null,
  readable: false,
  derived: ({ resources }) => [
    ...[
      "SUPER_ADMIN",
      "ORG_ADMIN",
      "APP_ADMIN",
      "USER_ADMIN",
      "HELP_DESK_ADMIN",
      "READ_ONLY_ADMIN",
      "API_ACCESS_MANAGEMENT_ADMIN",
      "REPORT_ADMIN",
      "GROUP_MEMBERSHIP_ADMIN",
      "ACCESS_CERTIFICATIONS_ADMIN",
      "ACCESS_REQUESTS_ADMIN",
      "WORKFLOWS_ADMIN",
    ].map((id) => ({ id })),
    ...resources.list(customRoles, {}).map((role) => ({ id: role["id"] })),
  ],
});

/** A notification with the link that turns it on or off. */
function withTurn(owner: (ancestors: Ancestors) => string) {
  return (item: JsonObject, { base, ancestors }: ResourceContext): JsonObject => {
    const href = `${base}/api/v1/${owner(ancestors)}/subscriptions/${String(item["notificationType"])}`;
    const turn = item["status"] === "subscribed" ? "unsubscribe" : "subscribe";
    return { ...item, _links: { [turn]: { href: `${href}/${turn}`, hints: { allow: ["POST"] } }, self: { href } } };
  };
}

const NOTIFICATIONS = [
  "AD_AGENT",
  "AGENT_AUTO_UPDATE_NOTIFICATION",
  "APP_IMPORT",
  "CONNECTOR_AGENT",
  "IWA_AGENT",
  "LDAP_AGENT",
  "OKTA_ANNOUNCEMENT",
  "OKTA_UPDATE",
  "RATELIMIT_NOTIFICATION",
  "REPORT_SUSPICIOUS_ACTIVITY",
  "USER_DEPROVISION",
  "USER_LOCKED_OUT",
];

/** Which notifications a user gets who asks for its own. */
export const userSubscriptions = defineResource({
  name: "user_subscriptions",
  kind: "Subscription",
  path: "/api/v1/users/{userId}/subscriptions",
  ancestors: { userId: "users" },
  scope: "okta.users",
  list: null,
  readable: false,
  idOf: (item) => String(item["notificationType"]),
  stamps: null,
  shown: withTurn((ancestors) => `users/${ancestors["userId"] ?? ""}`),
  seed: () =>
    NOTIFICATIONS.map((notificationType) => ({ notificationType, channels: ["email"], status: "subscribed" })),
});

/** Which notifications administrators of a role get. */
export const roleSubscriptions = defineResource({
  name: "role_subscriptions",
  kind: "Subscription",
  path: "/api/v1/roles/{roleTypeOrRoleId}/subscriptions",
  ancestors: { roleTypeOrRoleId: "subscribing_roles" },
  scope: "okta.roles",
  idOf: (item) => String(item["notificationType"]),
  stamps: null,
  actions: {
    subscribe: {
      path: "subscribe",
      status: 200,
      answer: "empty",
      make: (_, __, before) => ({ ...before, status: "subscribed" }),
      event: "iam.role.subscriptions.update",
    },
    unsubscribe: {
      path: "unsubscribe",
      status: 200,
      answer: "empty",
      make: (_, __, before) => ({ ...before, status: "unsubscribed" }),
      event: "iam.role.subscriptions.update",
    },
  },
  // What the event names is not documented.
  targets: (_, { ancestors }) => [{ id: ancestors["roleTypeOrRoleId"] ?? "", type: "ROLE" }],
  shown: withTurn((ancestors) => `roles/${ancestors["roleTypeOrRoleId"] ?? ""}`),
  seed: ({ ancestors }) =>
    NOTIFICATIONS.map((notificationType, n) => ({
      notificationType,
      channels: ["email"],
      status: (n + (ancestors["roleTypeOrRoleId"] ?? "").length) % 3 === 0 ? "unsubscribed" : "subscribed",
    })),
});
