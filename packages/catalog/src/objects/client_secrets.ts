import { instant, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** When a client's secrets were made and whether they are in use. Neither secret nor hash is stored. */
export const clientSecrets = defineObject({
  name: "client_secrets",
  aliases: ["ClientSecrets"],
  preset: "config",
  summary: "Age and status of OAuth clients' secrets (never the secrets themselves)",
  openApi: "OAuth2ClientSecret",
  list: { path: "/api/v1/apps/{application_id}/credentials/secrets", pageSize: 0 },
  get: { path: "/api/v1/apps/{application_id}/credentials/secrets/{id}" },
  parent: {
    object: "applications",
    columns: { application_id: "id" },
    where: { sign_on_mode: ["OPENID_CONNECT"] },
  },
  key: ["application_id", "id"],
  columns: [text("id"), text("status"), instant("created"), instant("lastUpdated")],
  secrets: paths("client_secret", "secret_hash"),
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the application among them, all are read again. Reading
    // secrets is an event as well (app.oauth2.client.read_client_secret), which must never lead to another reading.
    {
      types: [
        "app.oauth2.credentials.lifecycle.create",
        "app.oauth2.credentials.lifecycle.activate",
        "app.oauth2.credentials.lifecycle.deactivate",
        "app.oauth2.credentials.lifecycle.delete",
        "app.oauth2.client.lifecycle.create",
        "app.oauth2.client.lifecycle.update",
      ],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: { application_id: "applications" },
  scopes: ["okta.apps.read"],
  adminRoles: ["APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
