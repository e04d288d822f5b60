import { instant, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Public keys that clients registered: for signing their assertions, and for encrypting tokens to them. */
export const clientJwks = defineObject({
  name: "client_jwks",
  aliases: ["ClientJwks", "ClientJsonWebKeys"],
  preset: "config",
  summary: "Public keys that OAuth clients registered",
  openApi: "OAuth2ClientJsonSigningKeyResponse",
  list: { path: "/api/v1/apps/{application_id}/credentials/jwks", itemsAt: "keys", pageSize: 0 },
  get: { path: "/api/v1/apps/{application_id}/credentials/jwks/{id}" },
  parent: {
    object: "applications",
    columns: { application_id: "id" },
    where: { sign_on_mode: ["OPENID_CONNECT"] },
  },
  key: ["application_id", "id"],
  columns: [
    text("id"),
    text("kid"),
    text("status"),
    text("kty"),
    text("use"),
    text("alg"),
    instant("created"),
    instant("lastUpdated"),
    text("e"),
    text("n"),
    text("x"),
    text("y"),
    // Not in the specification's answers, but what a client registers may name its curve (RFC 7518).
    text("crv"),
  ],
  secrets: privateKeyMembers(),
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the application among them, all are read again. Keys may
    // also come with the client's own settings.
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
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
