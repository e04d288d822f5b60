import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Certificate signing requests of providers that wait for their certificate; a published or revoked one is gone. */
export const identityProviderCsrs = defineObject({
  name: "identity_provider_csrs",
  aliases: ["IdentityProviderCSRs", "IdPCSRs"],
  preset: "config",
  summary: "Certificate signing requests of identity providers",
  openApi: "IdPCsr",
  list: { path: "/api/v1/idps/{identity_provider_id}/credentials/csrs", pageSize: 0 },
  get: { path: "/api/v1/idps/{identity_provider_id}/credentials/csrs/{id}" },
  parent: { object: "identity_providers", columns: { identity_provider_id: "id" } },
  key: ["identity_provider_id", "id"],
  columns: [text("id"), instant("created"), text("csr"), text("kty")],
  // The event catalogue has events for the requests of applications alone.
  incremental: { how: "reconcile" },
  events: [
    // Publishing a request makes a key. That this event tells of it, and what it names, is not documented.
    { types: ["system.idp.key.create"], effect: "scope", key: { identity_provider_id: "IdpTrust" } },
  ],
  references: { identity_provider_id: "identity_providers" },
  scopes: ["okta.idps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
