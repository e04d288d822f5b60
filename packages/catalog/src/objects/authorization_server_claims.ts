import { boolean, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What an authorization server puts into its tokens. */
export const authorizationServerClaims = defineObject({
  name: "authorization_server_claims",
  aliases: ["AuthorizationServerClaims", "AuthorizationServersClaims"],
  preset: "config",
  summary: "Claims of authorization servers",
  openApi: "OAuth2Claim",
  list: { path: "/api/v1/authorizationServers/{authorization_server_id}/claims", pageSize: 0 },
  get: { path: "/api/v1/authorizationServers/{authorization_server_id}/claims/{id}" },
  parent: { object: "authorization_servers", columns: { authorization_server_id: "id" } },
  key: ["authorization_server_id", "id"],
  columns: [
    text("id"),
    text("name"),
    text("status"),
    text("claimType"),
    text("valueType"),
    text("value"),
    text("group_filter_type"),
    boolean("alwaysIncludeInToken"),
    boolean("system"),
    json("conditions.scopes"),
    // Not in the specification (recorded traffic).
    text("apiResourceId"),
  ],
  sets: paths("conditions.scopes"),
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the server among them, all claims are read again.
    {
      types: ["oauth2.claim.created", "oauth2.claim.updated", "oauth2.claim.deleted", "oauth2.as.created"],
      effect: "scope",
      key: { authorization_server_id: "AuthorizationServer" },
    },
  ],
  references: { authorization_server_id: "authorization_servers" },
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
