import { instant, json, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Public parts and certificates of the keys that applications sign with; a cloned key has one `kid` in several applications. */
export const applicationKeys = defineObject({
  name: "application_keys",
  aliases: ["ApplicationKeyCredentials", "ApplicationKeys", "AppKeys"],
  preset: "config",
  summary: "Public keys and certificates that applications sign with",
  openApi: "JsonWebKey",
  list: { path: "/api/v1/apps/{application_id}/credentials/keys", pageSize: 0 },
  get: { path: "/api/v1/apps/{application_id}/credentials/keys/{kid}" },
  // Only SAML, WS-Federation and OIDC applications use one from the start (recorded traffic), but a key can be generated
  // for any: Okta's own tests do so for bookmarks.
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id", "kid"],
  indexes: [["kid"]],
  columns: [
    text("kid"),
    text("kty"),
    text("use"),
    instant("created"),
    instant("lastUpdated"),
    instant("expiresAt"),
    text("e"),
    text("n"),
    json("x5c"),
    text("x5t#S256"),
  ],
  secrets: privateKeyMembers(),
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented. A clone that names only the key's first application shows in the
    // second one with the next reconcile.
    {
      types: [
        "app.keys.generate",
        "app.keys.clone",
        "app.keys.rotate",
        "app.keys.delete",
        "app.app_instance.csr.publish",
      ],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
    // A new application may have a key from the start.
    { types: ["application.lifecycle.create"], effect: "scope", key: { application_id: "AppInstance" } },
  ],
  references: { application_id: "applications" },
  // A request for each application, in the tightest of all rate buckets.
  reconcileFactor: 4,
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: false, twoWay: false },
});
