import { noise } from "../generate/jwk.js";
import { valueAt } from "../json.js";
import { shownRequest, signingKey, signingRequestOf } from "./application-keys.js";
import { defineResource } from "./definition.js";
import { identityProviders } from "./identity-providers.js";

/** Keys that the org signs its requests to one provider with. Which events tell of them is not documented. */
export const identityProviderSigningKeys = defineResource({
  name: "identity_provider_signing_keys",
  kind: "IdpKey",
  path: "/api/v1/idps/{idpId}/credentials/keys",
  ancestors: { idpId: "identity_providers" },
  idOf: (item) => String(item["kid"]),
  scope: "okta.idps",
  stamps: null,
  create: {
    status: 201,
    path: "generate",
    make: (_, { org, query }) => {
      const years = Number(query?.get("validityYears") ?? 2);
      return signingKey(noise(`provider key ${org.seed} ${org.fresh()}`, 32), org.stamp(), years);
    },
    event: null,
  },
  // A provider whose protocol signs something has a key from the start: the one that its credentials name.
  seed: ({ resources, ancestors }) => {
    const provider = resources.find(identityProviders, {}, ancestors["idpId"] ?? "");
    const kid = valueAt(provider, "protocol.credentials.signing.kid");
    return typeof kid === "string" ? [signingKey(kid, Date.parse(String(provider?.["created"])), 10)] : [];
  },
});

/** Certificate signing requests of one provider. */
export const identityProviderCsrs = defineResource({
  name: "identity_provider_csrs",
  kind: "Csr",
  path: "/api/v1/idps/{idpId}/credentials/csrs",
  ancestors: { idpId: "identity_providers" },
  prefix: "csr",
  scope: "okta.idps",
  stamps: null,
  create: { status: 201, make: (body, { org }) => signingRequestOf(body, org.stamp()), event: null },
  remove: { status: 204, event: null },
  shown: (item, { base, ancestors }) => shownRequest(item, `${base}/api/v1/idps/${ancestors["idpId"]}`),
});
