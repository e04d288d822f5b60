import { oktaError } from "../errors.js";
import { instantText, isObject, type JsonObject, stringAt, valueAt } from "../json.js";
import { appOf, appTargets } from "./application-keys.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { lifecycle } from "./lifecycle.js";
import { noise } from "../generate/jwk.js";

/** A client has at most so many of each (OpenAPI spec). */
const MOST_SECRETS = 2;
const MOST_KEYS = 50;

const switches = lifecycle({
  activate: "app.oauth2.credentials.lifecycle.activate",
  deactivate: "app.oauth2.credentials.lifecycle.deactivate",
});

/** Only what is switched off can be deleted (OpenAPI spec); which code says so is not documented. */
function refuseActive(_: JsonObject, __: ResourceContext, item?: JsonObject): void {
  if (item?.["status"] === "ACTIVE")
    throw oktaError("E0000001", { arg: "status", causes: ["status: Only inactive credentials can be deleted"] });
}

function refuseMore(most: number, name: string) {
  return (_: JsonObject, { resources, ancestors }: ResourceContext): void => {
    if (resources.list(resources.named(name), ancestors).length < most) return;
    throw oktaError("E0000001", { arg: name, causes: [`${name}: No more than ${most} are allowed`] });
  };
}

function switchLinks(item: JsonObject, { base, ancestors }: ResourceContext, kind: string): JsonObject {
  const href = `${base}/api/v1/apps/${ancestors["appId"]}/credentials/${kind}/${String(item["id"])}`;
  const verb = item["status"] === "ACTIVE" ? "deactivate" : "activate";
  return { ...item, _links: { [verb]: { href: `${href}/lifecycle/${verb}`, hints: { allow: ["POST"] } } } };
}

/** Secrets of OAuth clients: in clear in every answer, and every reading is logged (recorded traffic, event catalogue). */
export const clientSecrets = defineResource({
  name: "client_secrets",
  kind: "OAuth2ClientSecret",
  path: "/api/v1/apps/{appId}/credentials/secrets",
  ancestors: { appId: "applications" },
  prefix: "ocs",
  scope: "okta.apps",
  readEvent: { type: "app.oauth2.client.read_client_secret", targets: (context) => appTargets({}, context) },
  create: {
    status: 201,
    check: refuseMore(MOST_SECRETS, "client_secrets"),
    make: (body, { org }) => {
      const secret = stringAt(body, "client_secret") ?? noise(`secret ${org.seed} ${org.fresh()}`, 48);
      return { status: "ACTIVE", client_secret: secret, secret_hash: noise(secret, 16) };
    },
    event: "app.oauth2.credentials.lifecycle.create",
  },
  remove: { status: 204, check: refuseActive, event: "app.oauth2.credentials.lifecycle.delete" },
  actions: switches,
  targets: appTargets,
  shown: (item, context) => switchLinks(item, context, "secrets"),
  // Clients that prove themselves by a secret; a few have an old one as well.
  seed: (context) => {
    const app = appOf(context);
    const method = valueAt(app?.body, "credentials.oauthClient.token_endpoint_auth_method");
    if (!app || app.signOnMode !== "OPENID_CONNECT" || typeof method !== "string") return [];
    if (!method.startsWith("client_secret")) return [];
    const statuses = app.index % 20 === 10 ? ["ACTIVE", "INACTIVE"] : ["ACTIVE"];
    return statuses.map((status, n) => {
      const secret = noise(`secret ${app.id} ${n}`, 48);
      const at = instantText(app.created);
      const id = seedId(context, "ocs", n);
      return { id, created: at, lastUpdated: at, status, client_secret: secret, secret_hash: noise(secret, 16) };
    });
  },
});

/** What a client's answer shows of a key: its public part. */
function publicPart(key: JsonObject): JsonObject {
  const names = ["kid", "kty", "use", "alg", "e", "n", "crv", "x", "y"];
  return Object.fromEntries(names.filter((name) => key[name] !== undefined).map((name) => [name, key[name]]));
}

/** Public keys of OAuth clients: those in the client's settings, and those added here. */
export const clientJwks = defineResource({
  name: "client_jwks",
  kind: "OAuth2ClientJsonWebKey",
  path: "/api/v1/apps/{appId}/credentials/jwks",
  ancestors: { appId: "applications" },
  prefix: "pks",
  scope: "okta.apps",
  list: { wrapped: { at: "keys" } },
  create: {
    status: 201,
    required: ["kty"],
    check: refuseMore(MOST_KEYS, "client_jwks"),
    make: (body) => ({ kid: null, use: "sig", ...publicPart(body), status: stringAt(body, "status") ?? "ACTIVE" }),
    event: "app.oauth2.credentials.lifecycle.create",
  },
  remove: { status: 204, check: refuseActive, event: "app.oauth2.credentials.lifecycle.delete" },
  actions: switches,
  targets: appTargets,
  shown: (item, context) => switchLinks(item, context, "jwks"),
  seed: (context) => {
    const app = appOf(context);
    const keys = valueAt(app?.body, "settings.oauthClient.jwks.keys");
    if (!app || !Array.isArray(keys)) return [];
    const at = instantText(app.created);
    const times = { created: at, lastUpdated: at };
    return keys
      .filter((key) => isObject(key))
      .map((key, n) => ({ id: seedId(context, "pks", n), use: "sig", ...publicPart(key), status: "ACTIVE", ...times }));
  },
});
