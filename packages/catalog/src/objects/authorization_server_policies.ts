import { boolean, instant, integer, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which clients an authorization server's rules are for. */
export const authorizationServerPolicies = defineObject({
  name: "authorization_server_policies",
  aliases: ["AuthorizationServerPolicies", "AuthorizationServersPolicies"],
  preset: "config",
  summary: "Access policies of authorization servers",
  openApi: "AuthorizationServerPolicy",
  list: { path: "/api/v1/authorizationServers/{authorization_server_id}/policies", pageSize: 0 },
  get: { path: "/api/v1/authorizationServers/{authorization_server_id}/policies/{id}" },
  parent: { object: "authorization_servers", columns: { authorization_server_id: "id" } },
  key: ["authorization_server_id", "id"],
  columns: [
    text("id"),
    text("type"),
    text("name"),
    text("description"),
    text("status"),
    integer("priority"),
    boolean("system"),
    json("conditions"),
    instant("created"),
    instant("lastUpdated"),
  ],
  sets: paths("conditions.clients.include"),
  incremental: { how: "log" },
  events: [
    // Policies of every kind share these events, and none names the server. A new one, or another order, takes the
    // listing of each server, of which an org has few; the others are read again only where the policy is one of these.
    {
      types: ["policy.lifecycle.create", "policy.lifecycle.update", "policy.lifecycle.overwrite"],
      effect: "whole",
      key: {},
    },
    {
      types: ["policy.lifecycle.activate", "policy.lifecycle.deactivate", "policy.lifecycle.delete"],
      effect: "reference",
      key: { id: "PolicyEntity" },
    },
    // What the events of servers have as targets is not documented.
    { types: ["oauth2.as.created"], effect: "scope", key: { authorization_server_id: "AuthorizationServer" } },
  ],
  references: { authorization_server_id: "authorization_servers" },
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
