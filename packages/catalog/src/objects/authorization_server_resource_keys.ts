import { instant, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Public keys of resource servers: an authorization server encrypts access tokens with them. */
export const authorizationServerResourceKeys = defineObject({
  name: "authorization_server_resource_keys",
  aliases: ["AuthorizationServerResourceKeys", "ResourceServerCredentialsKeys", "OAuth2ResourceServerJsonWebKeys"],
  preset: "config",
  summary: "Public keys that authorization servers encrypt access tokens with",
  openApi: "OAuth2ResourceServerJsonWebKey",
  list: { path: "/api/v1/authorizationServers/{authorization_server_id}/resourceservercredentials/keys", pageSize: 0 },
  get: { path: "/api/v1/authorizationServers/{authorization_server_id}/resourceservercredentials/keys/{id}" },
  parent: { object: "authorization_servers", columns: { authorization_server_id: "id" } },
  key: ["authorization_server_id", "id"],
  columns: [
    text("id"),
    // May be null (OpenAPI spec), so it is no key.
    text("kid"),
    text("status"),
    text("kty"),
    text("use"),
    text("e"),
    text("n"),
    instant("created"),
    instant("lastUpdated"),
  ],
  secrets: privateKeyMembers(),
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the server among them, all keys are read again.
    {
      types: [
        "app.oauth2.as.resource_server.credentials.lifecycle.create",
        "app.oauth2.as.resource_server.credentials.lifecycle.activate",
        "app.oauth2.as.resource_server.credentials.lifecycle.deactivate",
        "app.oauth2.as.resource_server.credentials.lifecycle.delete",
      ],
      effect: "scope",
      key: { authorization_server_id: "AuthorizationServer" },
    },
    // The server's own settings may hold its keys.
    {
      types: ["oauth2.as.created", "oauth2.as.updated"],
      effect: "scope",
      key: { authorization_server_id: "AuthorizationServer" },
    },
  ],
  references: { authorization_server_id: "authorization_servers" },
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
