import { paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** How Okta reaches an application to provision its users; each application has one such connection, or none. */
export const applicationConnections = defineObject({
  name: "application_connections",
  aliases: ["ApplicationConnections", "AppConnections", "ProvisioningConnections"],
  preset: "config",
  summary: "The connection that provisions an application's users, and whether it is on",
  openApi: "ProvisioningConnectionResponse",
  // What an application answers that cannot be provisioned is not documented; its features answer so.
  list: {
    path: "/api/v1/apps/{application_id}/connections/default",
    single: true,
    pageSize: 0,
    noneOn: ["OKTA_NOT_FOUND", "OKTA_BAD_REQUEST"],
  },
  get: { path: "/api/v1/apps/{application_id}/connections/default" },
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id"],
  columns: [
    text("status"),
    text("authScheme"),
    text("baseUrl"),
    text("profile.authScheme"),
    text("profile.signing.rotationMode"),
  ],
  // Requests have the token and the password (OpenAPI spec); no answer was seen with them. A client's secret would be one.
  secrets: paths("profile.token", "profile.clientSecret", "profile.settings.adminPassword"),
  // It has no event of its own in the event catalogue: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [
    // That saving it is an update of the application is not documented; if it is, the change is found at once.
    {
      types: ["application.lifecycle.create", "application.lifecycle.update", "application.lifecycle.activate"],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: { application_id: "applications" },
  // A request for each application, in the tightest of all rate buckets.
  reconcileFactor: 4,
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
