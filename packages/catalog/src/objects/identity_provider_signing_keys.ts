import { instant, json, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Keys that Okta signs its requests to a provider with; a cloned key has one `kid` at several providers. */
export const identityProviderSigningKeys = defineObject({
  name: "identity_provider_signing_keys",
  aliases: ["IdentityProviderSigningKeys", "IdPSigningKeyCredentials"],
  preset: "config",
  summary: "Public keys and certificates that Okta signs its requests to identity providers with",
  openApi: "IdPKeyCredential",
  list: { path: "/api/v1/idps/{identity_provider_id}/credentials/keys", pageSize: 0 },
  get: { path: "/api/v1/idps/{identity_provider_id}/credentials/keys/{kid}" },
  // Okta's own tests generate them for OIDC providers as well: no kind can be left out.
  parent: { object: "identity_providers", columns: { identity_provider_id: "id" } },
  key: ["identity_provider_id", "kid"],
  indexes: [["kid"]],
  columns: [
    text("kid"),
    text("kty"),
    text("use"),
    // Not in the specification; the keys of the org's store have it (recorded traffic).
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
  // That the events of provider keys tell of these and not of the org's store alone is not documented.
  incremental: { how: "reconcile" },
  events: [
    {
      types: [
        "system.idp.key.create",
        "system.idp.key.update",
        "system.idp.key.delete",
        // A new provider may have a key from the start.
        "system.idp.lifecycle.create",
      ],
      effect: "scope",
      // What these events name is not documented (Okta's 404 calls a provider IdpTrust, recorded traffic); without it the
      // keys of all providers are listed again.
      key: { identity_provider_id: "IdpTrust" },
    },
  ],
  references: { identity_provider_id: "identity_providers" },
  scopes: ["okta.idps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: false, twoWay: false },
});
