import { createHash } from "node:crypto";

import { oktaError } from "../errors.js";
import { mix } from "../generate/hash.js";
import type { JsonObject } from "../json.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { lifecycle, selfLink } from "./lifecycle.js";

const SEEDED = { created: "2024-05-06T08:00:00.000Z", lastUpdated: "2025-02-03T08:00:00.000Z" };

const POLICY: JsonObject = {
  provisioning: {
    action: "AUTO",
    profileMaster: false,
    groups: { action: "NONE" },
    conditions: { deprovisioned: { action: "NONE" }, suspended: { action: "NONE" } },
  },
  accountLink: { filter: null, action: "AUTO" },
  subject: {
    userNameTemplate: { template: "idpuser.email" },
    filter: null,
    matchType: "USERNAME",
    matchAttribute: null,
  },
  maxClockSkew: 0,
};

/** A SAML provider, and an OIDC one whose client secret every read shows (recorded traffic). */
function seededProviders(context: ResourceContext): JsonObject[] {
  return [
    {
      id: seedId(context, "0oa", 900_001),
      name: "Partner login",
      status: "ACTIVE",
      ...SEEDED,
      protocol: {
        type: "SAML2",
        endpoints: {
          sso: {
            url: "https://login.partner.example/sso",
            binding: "HTTP-POST",
            destination: "https://partner.example",
          },
          acs: { binding: "HTTP-POST", type: "INSTANCE" },
        },
        algorithms: {
          request: { signature: { algorithm: "SHA-256", scope: "REQUEST" } },
          response: { signature: { algorithm: "SHA-256", scope: "ANY" } },
        },
        settings: { nameFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", honorPersistentNameId: true },
        credentials: {
          trust: { issuer: "https://partner.example", audience: "urn:org", kid: kidOf("seed 0"), revocation: null },
          signing: { kid: kidOf("signing") },
        },
      },
      policy: { ...POLICY, trustClaims: false, transformedUsernameMatchingEnabled: false },
      type: "SAML2",
    },
    {
      id: seedId(context, "0oa", 900_002),
      name: "Social login",
      status: "ACTIVE",
      ...SEEDED,
      issuerMode: "ORG_URL",
      protocol: {
        type: "OIDC",
        endpoints: {
          authorization: { url: "https://social.example/authorize", binding: "HTTP-REDIRECT" },
          token: { url: "https://social.example/token", binding: "HTTP-POST" },
          jwks: { url: "https://social.example/keys", binding: "HTTP-REDIRECT" },
        },
        scopes: ["openid", "profile", "email"],
        issuer: { url: "https://social.example" },
        credentials: { client: { client_id: "org-at-social", client_secret: `secret ${kidOf("client")}` } },
      },
      policy: { ...POLICY, mapAMRClaims: false },
      type: "OIDC",
    },
  ];
}

/** A key id in the form of a UUID (recorded traffic), the same for the same text. */
function kidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

export const identityProviders = defineResource({
  name: "identity_providers",
  kind: "IdpTrust",
  path: "/api/v1/idps",
  prefix: "0oa",
  scope: "okta.idps",
  list: {
    page: { fallback: 20, max: 200 },
    matches: (item, query) => {
      const [q, type] = [query.get("q")?.toLowerCase(), query.get("type")];
      return (!q || String(item["name"]).toLowerCase().includes(q)) && (!type || item["type"] === type);
    },
  },
  create: {
    status: 200,
    required: ["name", "type", "protocol", "policy"],
    make: (body) => ({ ...body, status: "ACTIVE" }),
    event: "system.idp.lifecycle.create",
  },
  // The answer to a replacement has no creation time (recorded traffic: 14 of 14).
  replace: {
    status: 200,
    required: ["name", "type", "protocol", "policy"],
    answer: (item) => ({ ...item, created: null }),
    event: "system.idp.lifecycle.update",
  },
  // Also while it is active (Okta's own integration tests).
  remove: { status: 204, event: "system.idp.lifecycle.delete" },
  actions: lifecycle({
    activate: "system.idp.lifecycle.activate",
    deactivate: "system.idp.lifecycle.deactivate",
  }),
  shown: (item, { base }) => ({
    ...item,
    _links: { users: { href: `${base}/api/v1/idps/${String(item["id"])}/users`, hints: { allow: ["GET"] } } },
  }),
  seed: seededProviders,
});

/** The store of signing keys; a key's id is its `kid`. */
export const identityProviderKeys = defineResource({
  name: "identity_provider_keys",
  kind: "IdpKey",
  path: "/api/v1/idps/credentials/keys",
  idOf: (item) => String(item["kid"]),
  scope: "okta.idps",
  list: { page: { fallback: 20, max: 200 } },
  create: {
    status: 200,
    required: ["x5c"],
    make: (body, { org }) => keyOf(JSON.stringify(body["x5c"]), kidOf(String(org.fresh()))),
    event: "system.idp.key.create",
  },
  remove: { status: 204, event: "system.idp.key.delete" },
  seed: () => [{ ...keyOf("seed 0", kidOf("seed 0")), ...SEEDED }],
});

function keyOf(text: string, kid: string): JsonObject {
  const print = createHash("sha256").update(text).digest("base64url");
  return {
    kty: "RSA",
    alg: "RSA",
    kid,
    use: "sig",
    x5c: [`MII${print}\n${print}`],
    "x5t#S256": print,
    e: "AQAB",
    n: `${print}${print}`,
    expiresAt: "2036-03-03T17:30:10.000Z",
  };
}

/** Users that signed in through a provider. A deleted user's link ends with the user. */
export const identityProviderUsers = defineResource({
  name: "identity_provider_users",
  kind: "AppUser",
  path: "/api/v1/idps/{idpId}/users",
  ancestors: { idpId: "identity_providers" },
  scope: "okta.idps",
  list: { page: { fallback: 20, max: 200 } },
  present: (item, { org }) => org.users.exists(org.users.find(String(item["id"]))),
  // No event tells of a link or its end (event catalogue).
  put: {
    method: "POST",
    status: 200,
    required: ["externalId"],
    check: (body, { org }) => {
      const id = String(body["id"]);
      if (!org.users.exists(org.users.find(id)))
        throw oktaError("E0000007", { arg: `Resource not found: ${id} (User)` });
    },
    make: (body) => ({ id: body["id"] ?? null, externalId: body["externalId"] ?? null, profile: {} }),
    event: null,
  },
  remove: { status: 204, event: null },
  shown: (item, context) => {
    const [id, idp] = [String(item["id"]), `/api/v1/idps/${context.ancestors["idpId"]}`];
    const link = (path: string, allow: readonly string[]): JsonObject => ({
      href: `${context.base}${path}`,
      hints: { allow },
    });
    return {
      ...item,
      _links: {
        ...selfLink(context, `${idp}/users/${id}`, ["GET", "DELETE"]),
        idp: link(idp, ["GET"]),
        users: link(`${idp}/users`, ["GET"]),
        user: link(`/api/v1/users/${id}`, ["GET"]),
      },
    };
  },
  seed: ({ org, ancestors }) => {
    const first = (ancestors["idpId"] ?? "").charCodeAt(12) % 3;
    return Array.from({ length: Math.min(300, Math.floor(org.generator.count / 4)) }, (_, n) => {
      const user = n * 4 + first;
      return {
        id: org.users.id(user),
        externalId: String(mix(org.seed, user, 41)),
        ...SEEDED,
        profile: { email: `user.${user}@social.example`, ...(n % 2 === 0 ? { locale: "de", groups: ["a", "b"] } : {}) },
      };
    });
  },
});
