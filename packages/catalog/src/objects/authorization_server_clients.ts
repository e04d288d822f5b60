import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Clients that hold a refresh token of an authorization server at the moment; the others are in no list. */
export const authorizationServerClients = defineObject({
  name: "authorization_server_clients",
  aliases: ["AuthorizationServerClients", "AuthorizationServersClients"],
  preset: "config",
  summary: "Clients that hold tokens of an authorization server",
  openApi: "OAuth2Client",
  list: { path: "/api/v1/authorizationServers/{authorization_server_id}/clients", pageSize: 0 },
  parent: { object: "authorization_servers", columns: { authorization_server_id: "id" } },
  key: ["authorization_server_id", "client_id"],
  indexes: [["client_id"]],
  columns: [text("client_id"), text("client_name"), text("client_uri"), text("logo_uri")],
  // Membership follows the tokens, which end without an event when they expire, and begin with every sign-in.
  incremental: { how: "reconcile" },
  events: [],
  references: { authorization_server_id: "authorization_servers" },
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
