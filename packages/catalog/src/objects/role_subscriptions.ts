import { json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The standard roles (OpenAPI spec); Okta has no list of them. */
const STANDARD_ROLES = [
  "SUPER_ADMIN",
  "ORG_ADMIN",
  "APP_ADMIN",
  "USER_ADMIN",
  "GROUP_MEMBERSHIP_ADMIN",
  "HELP_DESK_ADMIN",
  "READ_ONLY_ADMIN",
  "REPORT_ADMIN",
  "API_ACCESS_MANAGEMENT_ADMIN",
  "ACCESS_CERTIFICATIONS_ADMIN",
  "ACCESS_REQUESTS_ADMIN",
  "WORKFLOWS_ADMIN",
];

/** Which notifications administrators of a role get. */
export const roleSubscriptions = defineObject({
  name: "role_subscriptions",
  aliases: ["RoleSubscriptions"],
  preset: "config",
  summary: "Notifications that the admins of a role get, for standard and custom roles",
  openApi: "Subscription",
  // That every role has subscriptions is not documented.
  list: {
    path: "/api/v1/roles/{role}/subscriptions",
    pageSize: 0,
    noneOn: ["OKTA_NOT_FOUND", "OKTA_BAD_REQUEST"],
  },
  get: { path: "/api/v1/roles/{role}/subscriptions/{notification_type}" },
  parent: {
    object: "custom_roles",
    columns: { role: "id" },
    values: STANDARD_ROLES.map((role) => ({ role })),
  },
  key: ["role", "notification_type"],
  columns: [text("notificationType"), text("status"), json("channels")],
  sets: paths("channels"),
  incremental: { how: "log" },
  events: [
    // What it names is not documented: one request a role tells.
    { types: ["iam.role.subscriptions.update", "iam.role.create"], effect: "whole", key: {} },
  ],
  references: { role: "custom_roles" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
