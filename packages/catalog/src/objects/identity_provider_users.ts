import { instant, json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which user is linked to which identity provider. */
export const identityProviderUsers = defineObject({
  name: "identity_provider_users",
  aliases: ["IdentityProviderUsers", "IdPUsers"],
  preset: "config",
  summary: "Which user is linked to which identity provider, with the profile there",
  openApi: "IdentityProviderApplicationUser",
  list: { path: "/api/v1/idps/{identity_provider_id}/users", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/idps/{identity_provider_id}/users/{user_id}" },
  parent: { object: "identity_providers", columns: { identity_provider_id: "id" } },
  key: ["identity_provider_id", "user_id"],
  indexes: [["user_id"]],
  columns: [
    text("id", { name: "user_id" }),
    text("externalId"),
    instant("created"),
    instant("lastUpdated"),
    // Its attributes are the provider's.
    json("profile"),
  ],
  // The event catalogue has no event for a link or its end.
  incremental: { how: "reconcile" },
  events: [],
  references: { identity_provider_id: "identity_providers", user_id: "users" },
  scopes: ["okta.idps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
