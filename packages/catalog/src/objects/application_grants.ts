import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Scopes of Okta's API that an administrator granted to OAuth applications. */
export const applicationGrants = defineObject({
  name: "application_grants",
  aliases: ["ApplicationGrants", "AppGrants"],
  preset: "config",
  summary: "Scopes of Okta's API that OAuth applications were granted",
  openApi: "OAuth2ScopeConsentGrant",
  list: { path: "/api/v1/apps/{application_id}/grants", pageSize: 0 },
  get: { path: "/api/v1/apps/{application_id}/grants/{id}" },
  parent: {
    object: "applications",
    columns: { application_id: "id" },
    where: { sign_on_mode: ["OPENID_CONNECT"] },
  },
  key: ["application_id", "id"],
  indexes: [["scope_id"]],
  columns: [
    text("id"),
    text("status"),
    instant("created"),
    text("createdBy.id"),
    text("createdBy.type"),
    instant("lastUpdated"),
    text("issuer"),
    text("clientId"),
    text("scopeId"),
    text("source"),
    text("userId"),
  ],
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the application among them, all are read again.
    {
      types: ["app.oauth2.admin.consent.grant", "app.oauth2.admin.consent.revoke"],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: { application_id: "applications" },
  scopes: ["okta.appGrants.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
