import { noise, rsaPart } from "../generate/jwk.js";
import { instantText, type JsonObject, objectAt } from "../json.js";
import type { Target } from "../org/log-events.js";
import { applicationTokens } from "./application-grants.js";
import { clientJson } from "./clients.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { lifecycle } from "./lifecycle.js";

/** Without it the whole family answers 401 E0000015 (recorded traffic). */
export const API_ACCESS = "api-access-management";
/** The servers' collection. */
export const SERVERS = "/api/v1/authorizationServers";
const DAY_MS = 86_400_000;

/** The server that the item is under. */
export function serverOf({ resources, ancestors }: ResourceContext): JsonObject {
  return resources.find(authorizationServers, {}, ancestors["authServerId"] ?? "") ?? {};
}

/** Which of the servers that the org began with the item is under: 0 is the default one, none: -1. */
export function seededServer(context: ResourceContext): number {
  const id = context.ancestors["authServerId"];
  return [0, 1].findIndex((n) => seedId({ ...context, ancestors: {} }, "aus", n) === id);
}

/** Where a server is in paths: the default one's links say `default` (recorded traffic). */
export function serverPath(server: JsonObject): string {
  return `${SERVERS}/${server["default"] === true ? "default" : String(server["id"])}`;
}

/** Which targets these events have is not documented: the item, and its server. */
export function withServer(kind: string) {
  return (item: JsonObject, context: ResourceContext): readonly Target[] => {
    const server = serverOf(context);
    return [
      { id: String(item["id"] ?? item["kid"]), type: kind, displayName: String(item["name"] ?? "unknown") },
      { id: String(server["id"]), type: "AuthorizationServer", displayName: String(server["name"]) },
    ];
  };
}

/** Custom authorization servers; a new one has Okta's own claims and scopes, and keys to sign with. */
export const authorizationServers = defineResource({
  name: "authorization_servers",
  kind: "AuthorizationServer",
  path: SERVERS,
  prefix: "aus",
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  alsoCalled: (item) => (item["default"] === true ? ["default"] : []),
  list: {
    page: { fallback: 200, max: 200 },
    matches: (item, query) => {
      const q = query.get("q")?.toLowerCase();
      return !q || `${String(item["name"])} ${JSON.stringify(item["audiences"])}`.toLowerCase().includes(q);
    },
  },
  create: {
    status: 201,
    required: ["name", "audiences"],
    make: (body, { org }) => ({
      name: body["name"],
      description: body["description"] ?? null,
      audiences: body["audiences"],
      issuerMode: body["issuerMode"] ?? "ORG_URL",
      status: "ACTIVE",
      credentials: { signing: rotation(org.stamp()) },
      default: false,
    }),
    event: "oauth2.as.created",
  },
  replace: {
    status: 200,
    required: ["name", "audiences"],
    make: (body, _, before = {}) => ({
      ...before,
      description: null,
      ...body,
      status: before["status"],
      default: before["default"],
      credentials: { signing: { ...objectAt(before["credentials"], "signing"), ...rotationModeIn(body) } },
    }),
    event: "oauth2.as.updated",
  },
  remove: { status: 204, event: "oauth2.as.deleted" },
  actions: lifecycle({
    activate: "oauth2.as.activated",
    deactivate: "oauth2.as.deactivated",
    answers: { status: 204 },
  }),
  shown: (item, { base, resources }) => {
    const path = serverPath(item);
    const keys = resources.list(authorizationServerKeys, { authServerId: String(item["id"]) });
    const kid = keys.find((key) => key["status"] === "ACTIVE")?.["kid"];
    const link = (name: string, allow: readonly string[]): JsonObject => ({
      href: `${base}${path}/${name}`,
      hints: { allow },
    });
    const verb = item["status"] === "ACTIVE" ? "deactivate" : "activate";
    return {
      ...item,
      issuer: `${base}/oauth2/${path.slice(SERVERS.length + 1)}`,
      credentials: { signing: { kid, ...objectAt(item["credentials"], "signing") } },
      _links: {
        rotateKey: link("credentials/lifecycle/keyRotate", ["POST"]),
        keys: link("credentials/keys", ["GET"]),
        claims: link("claims", ["GET", "POST"]),
        scopes: link("scopes", ["GET", "POST"]),
        policies: link("policies", ["GET", "POST"]),
        self: { href: `${base}${path}`, hints: { allow: ["GET", "DELETE", "PUT"] } },
        [verb]: link(`lifecycle/${verb}`, ["POST"]),
      },
    };
  },
  seed: (context) =>
    [
      { name: "default", description: "Default Authorization Server for your Applications", audience: "api://default" },
      { name: "Orders", description: "Partners' access to orders", audience: "api://orders" },
    ].map(({ name, description, audience }, n) => ({
      id: seedId(context, "aus", n),
      name,
      description,
      audiences: [audience],
      issuerMode: n === 0 ? "DYNAMIC" : "ORG_URL",
      status: "ACTIVE",
      created: instantText(context.org.newest - 800 * DAY_MS),
      lastUpdated: instantText(context.org.newest - 90 * DAY_MS),
      credentials: { signing: rotation(context.org.newest - 20 * DAY_MS) },
      default: n === 0,
    })),
});

/** Signing keys change every three months (recorded traffic). */
export function rotation(at: number): JsonObject {
  return { rotationMode: "AUTO", lastRotated: instantText(at), nextRotation: instantText(at + 90 * DAY_MS) };
}

function rotationModeIn(body: JsonObject): JsonObject {
  const mode = objectAt(body["credentials"], "signing")["rotationMode"];
  return mode === undefined ? {} : { rotationMode: mode };
}

/** Keys that a server signs with; they only rotate. */
export const authorizationServerKeys = defineResource({
  name: "authorization_server_keys",
  kind: "JsonWebKey",
  path: `${SERVERS}/{authServerId}/credentials/keys`,
  ancestors: { authServerId: "authorization_servers" },
  idOf: (item) => String(item["kid"]),
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  stamps: null,
  targets: withServer("JsonWebKey"),
  shown: (item, context) => {
    const href = `${context.base}${serverPath(serverOf(context))}/credentials/keys/${String(item["kid"])}`;
    return { ...item, _links: { self: { href, hints: { allow: ["GET"] } } } };
  },
  seed: ({ ancestors }) =>
    ["ACTIVE", "NEXT", "EXPIRED"].map((status) => serverKey(`${ancestors["authServerId"]} ${status}`, status)),
});

/** A key of a server; `name` makes it what it is. */
export function serverKey(name: string, status: string): JsonObject {
  return { status, alg: "RS256", kid: noise(`${name} kid`, 32), use: "sig", ...rsaPart(name) };
}

/** Clients that hold a refresh token; all tokens of this org are the default server's. */
export const authorizationServerClients = defineResource({
  name: "authorization_server_clients",
  kind: "OAuth2Client",
  path: `${SERVERS}/{authServerId}/clients`,
  ancestors: { authServerId: "authorization_servers" },
  idOf: (item) => String(item["client_id"]),
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  readable: false,
  derived: (context, at) => {
    if (serverOf(context)["default"] !== true) return [];
    return [...context.org.apps.all(at)]
      .filter((app) => app.signOnMode === "OPENID_CONNECT")
      .filter((app) => context.resources.list(applicationTokens, { appId: app.id }).length > 0)
      .map(clientJson)
      .map(({ client_id, client_name, client_uri = null, logo_uri = null }) => ({
        client_id,
        client_name,
        client_uri,
        logo_uri,
      }));
  },
  shown: (item, context) => {
    const client = String(item["client_id"]);
    const tokens = `${context.base}${serverPath(serverOf(context))}/clients/${client}/tokens`;
    const hints = { allow: ["GET", "DELETE"] };
    return {
      ...item,
      _links: { client: { href: `${context.base}/oauth2/v1/clients/${client}` }, tokens: { href: tokens, hints } },
    };
  },
});
