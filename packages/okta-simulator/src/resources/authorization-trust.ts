import { noise, rsaPart } from "../generate/jwk.js";
import { oktaError } from "../errors.js";
import { instantText, type JsonObject, stringAt } from "../json.js";
import {
  API_ACCESS,
  authorizationServers,
  seededServer,
  serverOf,
  serverPath,
  SERVERS,
  withServer,
} from "./authorization-servers.js";
import { defineResource, type ResourceContext, type ResourceWrite, seedId } from "./definition.js";
import { shown } from "./items.js";
import { lifecycle } from "./lifecycle.js";

/** The other server of a pair. */
function otherServer({ id }: JsonObject, { resources }: ResourceContext): JsonObject {
  return resources.find(authorizationServers, {}, String(id)) ?? {};
}

/** Begins to take the other server's tokens; a route of its own names several at once. */
export const TRUST: ResourceWrite = {
  byHttp: false,
  status: 200,
  make: (_, __, before) => ({ ...before, trusted: true }),
  event: "app.oauth2.trusted_server.add",
};

/** For each server every other one, trusted or not: `trusted` chooses which of them are listed (OpenAPI spec). */
export const authorizationServerAssociatedServers = defineResource({
  name: "authorization_server_associated_servers",
  kind: "AuthorizationServer",
  path: `${SERVERS}/{authServerId}/associatedServers`,
  ancestors: { authServerId: "authorization_servers" },
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  readable: false,
  stamps: null,
  list: {
    page: { fallback: 200, max: 200 },
    // What is listed without a choice is not documented.
    matches: (item, query) => (query.get("trusted") ?? "true") === String(item["trusted"]),
    row: (pair) => Object.fromEntries(Object.entries(pair).filter(([name]) => name !== "trusted")),
  },
  actions: {
    trust: TRUST,
    distrust: {
      path: "",
      method: "DELETE",
      status: 204,
      make: (_, __, before) => ({ ...before, trusted: false }),
      event: "app.oauth2.trusted_server.delete",
    },
  },
  // Which of the two servers the event names is not documented.
  targets: (item, context) => withServer("AuthorizationServer")(otherServer(item, context), context),
  shown: (item, context) => {
    const server = shown(authorizationServers, otherServer(item, context), { ...context, ancestors: {} });
    return { ...server, trusted: item["trusted"] };
  },
  follows: true,
  // Of the two that an org begins with, the second one trusts the default one.
  seed: (context) => {
    const servers = context.resources.list(authorizationServers, {});
    return servers
      .filter(({ id }) => id !== context.ancestors["authServerId"])
      .map((server) => ({ id: server["id"], trusted: seededServer(context) === 1 && server["default"] === true }));
  },
});

/** Keys of resource servers, which access tokens are encrypted with (Okta docs). */
export const authorizationServerResourceKeys = defineResource({
  name: "authorization_server_resource_keys",
  kind: "OAuth2ResourceServerJsonWebKey",
  path: `${SERVERS}/{authServerId}/resourceservercredentials/keys`,
  ancestors: { authServerId: "authorization_servers" },
  prefix: "apk",
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  create: {
    status: 201,
    required: ["kty", "e", "n"],
    // A new key waits to be activated (Okta docs).
    check: (body) => {
      if (body["status"] === "ACTIVE") throw oktaError("E0000001", { arg: "status" });
    },
    make: (body) => ({
      status: "INACTIVE",
      e: body["e"],
      n: body["n"],
      kid: stringAt(body, "kid") ?? null,
      kty: body["kty"],
      use: stringAt(body, "use") ?? "enc",
    }),
    event: "app.oauth2.as.resource_server.credentials.lifecycle.create",
  },
  remove: {
    status: 204,
    // Which code refuses it is not documented.
    check: (_, __, item) => {
      if (item?.["status"] === "ACTIVE") throw oktaError("E0000001", { arg: "status" });
    },
    event: "app.oauth2.as.resource_server.credentials.lifecycle.delete",
  },
  // Whether the key that was active goes on being so is not documented; here it does.
  actions: lifecycle({
    activate: "app.oauth2.as.resource_server.credentials.lifecycle.activate",
    deactivate: "app.oauth2.as.resource_server.credentials.lifecycle.deactivate",
  }),
  targets: withServer("OAuth2ResourceServerJsonWebKey"),
  shown: (item, context) => {
    const keys = `${context.base}${serverPath(serverOf(context))}/resourceservercredentials/keys`;
    return { ...item, _links: { self: { href: `${keys}/${String(item["id"])}`, hints: { allow: ["GET"] } } } };
  },
  // Only one of the servers that an org begins with encrypts its tokens.
  seed: (context) => {
    if (seededServer(context) !== 1) return [];
    return ["ACTIVE", "INACTIVE"].map((status, n) => {
      const name = `${context.ancestors["authServerId"]} resource ${n}`;
      const at = instantText(context.org.newest - (30 + n) * 86_400_000);
      const key = { ...rsaPart(name), kid: noise(`${name} kid`, 32), use: "enc" };
      return { status, id: seedId(context, "apk", n), ...key, created: at, lastUpdated: at };
    });
  },
});
