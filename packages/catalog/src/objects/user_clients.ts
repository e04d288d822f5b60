import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** OAuth clients that a user has granted something or that hold tokens of the user. */
export const userClients = defineObject({
  name: "user_clients",
  aliases: ["UserClients"],
  preset: "per-user",
  summary: "OAuth clients that have a user's consent or tokens",
  openApi: "OAuth2Client",
  list: { path: "/api/v1/users/{user_id}/clients", pageSize: 0 },
  parent: { object: "users", columns: { user_id: "id" } },
  key: ["user_id", "client_id"],
  indexes: [["client_id"]],
  columns: [text("client_id"), text("client_name"), text("client_uri"), text("logo_uri")],
  // Every token that is issued is an event; which of them brings a new client, none tells.
  incremental: { how: "reconcile" },
  events: [],
  references: { user_id: "users", client_id: "applications" },
  reconcileFactor: 7,
  scopes: ["okta.users.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
