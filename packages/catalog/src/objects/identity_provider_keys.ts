import { instant, json, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The org's store of the keys that identity providers sign with. */
export const identityProviderKeys = defineObject({
  name: "identity_provider_keys",
  aliases: ["IdentityProviderKeys", "IdPKeyCredentials"],
  preset: "config",
  summary: "Public keys and certificates that identity providers sign with",
  openApi: "IdPKeyCredential",
  list: { path: "/api/v1/idps/credentials/keys", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/idps/credentials/keys/{kid}" },
  key: ["kid"],
  columns: [
    text("kid"),
    text("kty"),
    text("use"),
    // Not in the specification (recorded traffic).
    text("alg"),
    text("e"),
    text("n"),
    json("x5c"),
    text("x5t#S256"),
    instant("created"),
    instant("lastUpdated"),
    instant("expiresAt"),
  ],
  secrets: privateKeyMembers(),
  incremental: { how: "log" },
  events: [
    { types: ["system.idp.key.create", "system.idp.key.update", "system.idp.key.delete"], effect: "whole", key: {} },
  ],
  scopes: ["okta.idps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
