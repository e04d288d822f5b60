import { boolean, instant, integer, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Who gets a token with which scopes, and for how long. */
export const authorizationServerPolicyRules = defineObject({
  name: "authorization_server_policy_rules",
  aliases: ["AuthorizationServerPolicyRules", "AuthorizationServersPolicyRules"],
  preset: "config",
  summary: "Rules of authorization servers' policies",
  openApi: "AuthorizationServerPolicyRule",
  list: {
    path: "/api/v1/authorizationServers/{authorization_server_id}/policies/{policy_id}/rules",
    pageSize: 0,
  },
  get: { path: "/api/v1/authorizationServers/{authorization_server_id}/policies/{policy_id}/rules/{id}" },
  parent: {
    object: "authorization_server_policies",
    columns: { policy_id: "id", authorization_server_id: "authorization_server_id" },
  },
  key: ["authorization_server_id", "policy_id", "id"],
  columns: [
    text("id"),
    text("type"),
    text("name"),
    text("status"),
    integer("priority"),
    boolean("system"),
    json("conditions"),
    json("actions"),
    integer("actions.token.accessTokenLifetimeMinutes", { name: "access_token_lifetime_minutes" }),
    integer("actions.token.refreshTokenLifetimeMinutes", { name: "refresh_token_lifetime_minutes" }),
    integer("actions.token.refreshTokenWindowMinutes", { name: "refresh_token_window_minutes" }),
    instant("created"),
    instant("lastUpdated"),
  ],
  sets: paths(
    "conditions.grantTypes.include",
    "conditions.scopes.include",
    "conditions.people.groups.include",
    "conditions.people.groups.exclude",
    "conditions.people.users.include",
    "conditions.people.users.exclude",
  ),
  incremental: { how: "log" },
  events: [
    // Rules of every kind of policy share these events, and none names the server. What is done to a rule moves its
    // neighbours' priorities: the policy's stored rules are read again, none where the policy is no server's.
    {
      types: [
        "policy.rule.update",
        "policy.rule.delete",
        "policy.rule.activate",
        "policy.rule.deactivate",
        "policy.lifecycle.delete",
      ],
      effect: "reference",
      key: { policy_id: "PolicyEntity" },
    },
    // A rule that is in no table yet: all policies' rules are listed, of which an org has few.
    { types: ["policy.rule.add"], effect: "whole", key: {} },
  ],
  references: { authorization_server_id: "authorization_servers" },
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
