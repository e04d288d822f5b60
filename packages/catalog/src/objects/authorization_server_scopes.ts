import { boolean, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What clients may ask an authorization server for. */
export const authorizationServerScopes = defineObject({
  name: "authorization_server_scopes",
  aliases: ["AuthorizationServerScopes", "AuthorizationServersScopes"],
  preset: "config",
  summary: "Scopes of authorization servers",
  openApi: "OAuth2Scope",
  list: {
    path: "/api/v1/authorizationServers/{authorization_server_id}/scopes",
    query: { limit: "200" },
    pageSize: 200,
  },
  get: { path: "/api/v1/authorizationServers/{authorization_server_id}/scopes/{id}" },
  parent: { object: "authorization_servers", columns: { authorization_server_id: "id" } },
  key: ["authorization_server_id", "id"],
  columns: [
    text("id"),
    text("name"),
    text("displayName"),
    text("description"),
    text("consent"),
    text("metadataPublish"),
    boolean("default"),
    boolean("optional"),
    boolean("system"),
    // Not in the specification (recorded traffic).
    text("apiResourceId"),
  ],
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the server among them, all scopes are read again.
    {
      types: ["oauth2.scope.created", "oauth2.scope.updated", "oauth2.scope.deleted", "oauth2.as.created"],
      effect: "scope",
      key: { authorization_server_id: "AuthorizationServer" },
    },
  ],
  references: { authorization_server_id: "authorization_servers" },
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
