import { mix } from "../generate/hash.js";
import { instantText, type JsonObject } from "../json.js";
import { userTarget } from "../org/targets.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";

function ownerOf({ org, ancestors }: ResourceContext): number {
  return org.users.find(ancestors["userId"] ?? "");
}

/** Scopes that a user has consented to. They arise when a user signs in to an application. */
export const userGrants = defineResource({
  name: "user_grants",
  kind: "OAuth2ScopeConsentGrant",
  path: "/api/v1/users/{userId}/grants",
  ancestors: { userId: "users" },
  prefix: "oag",
  scope: "okta.users",
  list: {
    page: { fallback: 20, max: 200 },
    matches: (item, query) => [null, item["scopeId"]].includes(query.get("scopeId")),
  },
  present: (item, { org }) => org.apps.find(String(item["clientId"])) !== undefined,
  create: {
    byHttp: false,
    status: 200,
    required: ["clientId", "scopeId"],
    make: (body) => ({ ...body, status: "ACTIVE", source: "END_USER" }),
    event: "app.oauth2.as.consent.grant",
  },
  remove: { status: 204, event: "app.oauth2.as.consent.revoke" },
  // What these events name is not documented.
  targets: (item, context) => {
    const user = context.org.users.get(ownerOf(context));
    return [{ id: String(item["clientId"]), type: "AppInstance" }, ...(user ? [userTarget(user)] : [])];
  },
  shown: (item, { base, ancestors }) => {
    const user = `${base}/api/v1/users/${ancestors["userId"] ?? ""}`;
    return {
      ...item,
      createdBy: { id: ancestors["userId"], type: "User" },
      issuer: `${base}/oauth2/default`,
      userId: ancestors["userId"],
      _links: {
        app: { href: `${base}/api/v1/apps/${String(item["clientId"])}` },
        self: { href: `${user}/grants/${String(item["id"])}`, hints: { allow: ["GET", "DELETE"] } },
        user: { href: user },
      },
    };
  },
  seed: (context) => {
    const { org } = context;
    const u = ownerOf(context);
    const hash = mix(org.seed, u, 502);
    if (u < 0 || u >= org.generator.count || hash % 5 !== 0) return [];
    const at = instantText(org.newest - ((hash >>> 4) % 300) * 86_400_000);
    return Array.from({ length: 1 + ((hash >>> 8) % 2) }, (_, n) => ({
      id: seedId(context, "oag", n),
      status: "ACTIVE",
      created: at,
      lastUpdated: at,
      clientId: org.ids.encode("0oa", (hash >>> 12) % 3),
      scopeId: org.ids.encode("scp", n),
      source: "END_USER",
    }));
  },
});

/** The clients that a user has granted something. */
export const userClients = defineResource({
  name: "user_clients",
  kind: "OAuth2Client",
  path: "/api/v1/users/{userId}/clients",
  ancestors: { userId: "users" },
  scope: "okta.users",
  idOf: (item) => String(item["client_id"]),
  readable: false,
  shown: (item, { base, ancestors }) => {
    const href = `${base}/api/v1/users/${ancestors["userId"] ?? ""}/clients/${String(item["client_id"])}`;
    return { ...item, _links: { grants: { href: `${href}/grants` }, tokens: { href: `${href}/tokens` } } };
  },
  derived: ({ org, resources, ancestors }) => {
    const ids = new Set(resources.list(userGrants, ancestors).map((grant) => String(grant["clientId"])));
    return [...ids].map((id): JsonObject => ({
      client_id: id,
      client_name: org.apps.find(id)?.label,
      client_uri: null,
      logo_uri: null,
    }));
  },
});
