import { privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Public keys that an authorization server signs with: the active one, the next and those that expired. */
export const authorizationServerKeys = defineObject({
  name: "authorization_server_keys",
  aliases: ["AuthorizationServerKeys", "AuthorizationServersKeys"],
  preset: "config",
  summary: "Public keys that authorization servers sign tokens with",
  openApi: "AuthorizationServerJsonWebKey",
  list: { path: "/api/v1/authorizationServers/{authorization_server_id}/credentials/keys", pageSize: 0 },
  get: { path: "/api/v1/authorizationServers/{authorization_server_id}/credentials/keys/{kid}" },
  parent: { object: "authorization_servers", columns: { authorization_server_id: "id" } },
  key: ["authorization_server_id", "kid"],
  columns: [text("kid"), text("status"), text("kty"), text("alg"), text("use"), text("e"), text("n")],
  secrets: privateKeyMembers(),
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the server among them, all keys are read again.
    {
      types: ["app.oauth2.as.key.rollover", "app.oauth2.key.rollover", "oauth2.as.created"],
      effect: "scope",
      key: { authorization_server_id: "AuthorizationServer" },
    },
  ],
  references: { authorization_server_id: "authorization_servers" },
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
