import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whose tokens an authorization server takes in exchange. Okta lists the whole other server; only the pair belongs here. */
export const authorizationServerAssociatedServers = defineObject({
  name: "authorization_server_associated_servers",
  aliases: ["AuthorizationServerAssociatedServers", "AssociatedServers", "TrustedServers"],
  preset: "config",
  summary: "Which authorization server trusts the tokens of which other",
  // Without `trusted=true` the list may hold servers that are not trusted (OpenAPI spec). The largest page is not
  // documented; 200 is its default.
  list: {
    path: "/api/v1/authorizationServers/{authorization_server_id}/associatedServers",
    query: { trusted: "true", limit: "200" },
    pageSize: 200,
  },
  parent: { object: "authorization_servers", columns: { authorization_server_id: "id" } },
  key: ["authorization_server_id", "associated_server_id"],
  indexes: [["associated_server_id"]],
  columns: [text("id", { name: "associated_server_id" })],
  onlyDeclared: true,
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without a server among them, all are read again.
    {
      types: ["app.oauth2.trusted_server.add", "app.oauth2.trusted_server.delete"],
      effect: "scope",
      key: { authorization_server_id: "AuthorizationServer" },
    },
  ],
  references: { authorization_server_id: "authorization_servers", associated_server_id: "authorization_servers" },
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
