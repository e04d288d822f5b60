import type { JsonObject } from "../json.js";
import { defineResource, seedId } from "./definition.js";
import { selfLink } from "./lifecycle.js";

const DAY_MS = 86_400_000;

function expiry(ms: number): string {
  return new Date(ms + 30 * DAY_MS).toISOString();
}

/** API tokens that are alive. The admin console makes them; the API changes where from they may be used, and revokes. */
export const apiTokens = defineResource({
  name: "api_tokens",
  kind: "Token",
  path: "/api/v1/api-tokens",
  prefix: "00T",
  scope: "okta.apiTokens",
  create: {
    byHttp: false,
    status: 200,
    required: ["name"],
    make: (body, { org }) => ({
      userId: org.actor.id,
      clientName: "Okta API",
      tokenWindow: "P30D",
      network: { connection: "ANYWHERE" },
      ...body,
      expiresAt: expiry(org.stamp()),
    }),
    event: "system.api_token.create",
  },
  replace: {
    status: 200,
    required: ["name"],
    make: (body, _, before) => ({
      ...before,
      name: body["name"] ?? null,
      network: body["network"] ?? before?.["network"],
    }),
    event: "system.api_token.update",
  },
  remove: { status: 204, event: "system.api_token.revoke" },
  targets: (item) => [{ id: String(item["id"]), type: "Token", displayName: String(item["name"]) }],
  shown: (item, context) => ({
    ...item,
    _links: {
      ...selfLink(context, `/api/v1/api-tokens/${String(item["id"])}`, ["GET", "DELETE"]),
      user: { href: `${context.base}/api/v1/users/${String(item["userId"])}`, hints: { allow: ["GET"] } },
    },
  }),
  seed: (context) =>
    ["provisioning", "reporting"].map((name, n) => ({
      id: seedId(context, "00T", 900_000 + n),
      name,
      userId: context.org.users.id(0),
      clientName: "Okta API",
      tokenWindow: "P30D",
      network: n === 0 ? { connection: "ANYWHERE" } : { connection: "ZONE", include: ["nzo1", "nzo2"] },
      expiresAt: expiry(context.org.newest),
      created: "2025-04-02T14:47:13.000Z",
      lastUpdated: "2025-04-02T14:47:13.000Z",
    })),
});

/** Other vendors' services; their secret is in the answer to the creation alone (recorded traffic). */
export const apiServiceIntegrations = defineResource({
  name: "api_service_integrations",
  kind: "ApiServiceIntegration",
  path: "/integrations/api/v1/api-services",
  prefix: "0oa",
  scope: "okta.oauthIntegrations",
  stamps: null,
  hidden: ["clientSecret"],
  list: { page: { fallback: 20, max: 20 } },
  create: {
    status: 201,
    required: ["type", "grantedScopes"],
    make: (body, { org }) => ({
      name: String(body["type"]),
      properties: {},
      ...body,
      createdAt: new Date(org.stamp()).toISOString(),
      createdBy: org.actor.id,
      configGuideUrl: "https://vendor.example/guide",
      clientSecret: `secret ${org.fresh()}`,
    }),
    answer: (item) => item,
    // Which event tells of it is not documented.
    event: null,
  },
  remove: { status: 204, event: null },
  shown: (item, context): JsonObject => ({
    ...item,
    _links: {
      ...selfLink(context, `/integrations/api/v1/api-services/${String(item["id"])}`, ["GET", "DELETE"]),
      client: { href: `${context.base}/oauth2/v1/clients/${String(item["id"])}`, hints: { allow: ["GET"] } },
    },
  }),
  seed: (context) => [
    {
      id: seedId(context, "0oa", 930_000),
      type: "tidewatchapi",
      name: "Tide Watch",
      createdAt: "2025-03-08T10:11:10.000Z",
      createdBy: context.org.users.id(0),
      configGuideUrl: "https://tidewatch.example/guide",
      grantedScopes: ["okta.users.read", "okta.logs.read"],
      properties: {},
    },
  ],
});
