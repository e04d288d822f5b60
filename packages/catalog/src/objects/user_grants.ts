import { instant, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Scopes that a user has consented to for an application. */
export const userGrants = defineObject({
  name: "user_grants",
  aliases: ["UserGrants"],
  preset: "per-user",
  summary: "OAuth scopes that users have consented to, by application",
  openApi: "OAuth2ScopeConsentGrant",
  list: { path: "/api/v1/users/{user_id}/grants", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/users/{user_id}/grants/{id}" },
  parent: { object: "users", columns: { user_id: "id" } },
  key: ["user_id", "id"],
  indexes: [["client_id"]],
  columns: [
    text("id"),
    text("clientId"),
    text("issuer"),
    text("scopeId"),
    text("source"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    text("createdBy.id"),
    text("createdBy.type"),
  ],
  // It is the user of the path.
  leftOut: paths("userId"),
  incremental: { how: "log" },
  events: [
    // Whom they name is not documented. Without the user they would cost a request for each user of the org, so the
    // reconcile finds what these rules cannot.
    {
      types: [
        "app.oauth2.as.consent.grant",
        "app.oauth2.consent.grant",
        "app.oauth2.as.consent.revoke",
        "app.oauth2.as.consent.revoke.user",
        "app.oauth2.as.consent.revoke.user.client",
        "app.oauth2.as.consent.revoke.implicit.as",
        "app.oauth2.as.consent.revoke.implicit.client",
        "app.oauth2.as.consent.revoke.implicit.scope",
        "app.oauth2.as.consent.revoke.implicit.user",
      ],
      effect: "scope",
      key: { user_id: "User" },
      onlyWithTargets: true,
    },
  ],
  references: { user_id: "users", client_id: "applications" },
  reconcileFactor: 7,
  scopes: ["okta.users.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: true, twoWay: false },
});
