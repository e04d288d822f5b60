import { randomUUID } from "node:crypto";

import { oktaError } from "../errors.js";
import { isObject, type JsonObject, valueAt } from "../json.js";
import { defineResource, type ResourceContext, type ResourceDefinition, seedId } from "./definition.js";
import { lifecycle } from "./lifecycle.js";

const CREATED = "2024-05-06T07:08:09.000Z";

/** Links follow the status: only an inactive hook can be deleted (recorded traffic). */
function withLinks(path: string, active: readonly string[]) {
  return (item: JsonObject, { base }: ResourceContext): JsonObject => {
    const self = `${base}${path}/${String(item["id"])}`;
    const verb = (name: string): JsonObject => ({
      [name]: {
        href: name === "execute" ? `${self}/execute` : `${self}/lifecycle/${name}`,
        hints: { allow: ["POST"] },
      },
    });
    const links =
      item["status"] === "ACTIVE"
        ? Object.assign({}, ...[...active, "deactivate"].map(verb))
        : { ...verb("activate"), delete: { href: self, hints: { allow: ["DELETE"] } } };
    return { ...item, _links: { self: { href: self }, ...links } };
  };
}

/** The channel without what the org knows by itself (recorded traffic: method, version). */
function channelOf(body: JsonObject): JsonObject {
  const channel = isObject(body["channel"]) ? body["channel"] : {};
  const config = isObject(channel["config"]) ? channel["config"] : {};
  return { ...channel, config: { headers: [], method: "POST", authScheme: null, ...config } };
}

/** Only an inactive hook can be deleted (recorded traffic); which code says so is not documented: that of applications. */
function refuseActive(_: JsonObject, __: ResourceContext, item?: JsonObject): void {
  if (item?.["status"] === "ACTIVE") throw oktaError("E0000056");
}

const eventHooks = defineResource({
  name: "event_hooks",
  kind: "EventHook",
  path: "/api/v1/eventHooks",
  prefix: "who",
  scope: "okta.eventHooks",
  hidden: ["channel.config.authScheme.value"],
  create: {
    status: 200,
    required: ["name", "events", "channel.config.uri"],
    make: (body, { org }) => ({
      status: "ACTIVE",
      verificationStatus: "UNVERIFIED",
      description: null,
      ...body,
      createdBy: org.actor.id,
      channel: channelOf(body),
    }),
    event: "event_hook.created",
  },
  replace: {
    status: 200,
    required: ["name", "events", "channel.config.uri"],
    make: (body, _, before = {}) => {
      const same = valueAt(before, "channel.config.uri") === valueAt(body, "channel.config.uri");
      return {
        description: null,
        ...body,
        status: before["status"],
        // A changed channel must be verified again (Okta docs).
        verificationStatus: same ? before["verificationStatus"] : "UNVERIFIED",
        created: before["created"],
        createdBy: before["createdBy"],
        channel: channelOf(body),
      };
    },
    event: "event_hook.updated",
  },
  remove: { status: 204, check: refuseActive, event: "event_hook.deleted" },
  actions: {
    ...lifecycle({ activate: "event_hook.activated", deactivate: "event_hook.deactivated" }),
    verify: {
      status: 200,
      make: (_, __, before) => ({ ...before, verificationStatus: "VERIFIED" }),
      event: "event_hook.verified",
    },
  },
  shown: withLinks("/api/v1/eventHooks", ["verify"]),
  seed: (context) =>
    ["Audit trail", "Badge office"].map((name, n) => ({
      id: seedId(context, "who", n),
      status: n === 0 ? "ACTIVE" : "INACTIVE",
      verificationStatus: n === 0 ? "VERIFIED" : "UNVERIFIED",
      name,
      description: null,
      created: CREATED,
      createdBy: context.org.users.id(0),
      lastUpdated: CREATED,
      events: { type: "EVENT_TYPE", items: ["user.lifecycle.create", "user.lifecycle.deactivate"], filter: null },
      channel: {
        type: "HTTP",
        version: "1.0.0",
        config: {
          uri: `https://hooks.example.com/${n}`,
          headers: n === 0 ? [] : [{ key: "x-office", value: "seven" }],
          method: "POST",
          authScheme: { type: "HEADER", key: "Authorization", value: "simulated secret" },
        },
      },
    })),
});

const inlineHooks = defineResource({
  name: "inline_hooks",
  kind: "InlineHook",
  path: "/api/v1/inlineHooks",
  prefix: "cal",
  scope: "okta.inlineHooks",
  hidden: ["channel.config.authScheme.value", "channel.config.clientSecret"],
  list: { matches: (item, query) => !query.has("type") || item["type"] === query.get("type") },
  create: {
    status: 200,
    required: ["name", "type", "version", "channel.config.uri"],
    make: (body) => ({ status: "ACTIVE", ...body, channel: channelOf(body) }),
    event: "inline_hook.created",
  },
  replace: {
    status: 200,
    required: ["name", "channel.config.uri"],
    make: (body, _, before = {}) => ({
      ...body,
      type: before["type"],
      version: body["version"] ?? before["version"],
      status: before["status"],
      created: before["created"],
      channel: channelOf(body),
    }),
    event: "inline_hook.updated",
  },
  update: { status: 200, event: "inline_hook.updated" },
  remove: { status: 204, check: refuseActive, event: "inline_hook.deleted" },
  actions: lifecycle({ activate: "inline_hook.activated", deactivate: "inline_hook.deactivated" }),
  shown: withLinks("/api/v1/inlineHooks", ["execute"]),
  seed: (context) => [
    {
      id: seedId(context, "cal", 0),
      status: "ACTIVE",
      name: "Token stamp",
      type: "com.okta.oauth2.tokens.transform",
      version: "1.0.1",
      channel: {
        type: "HTTP",
        version: "1.0.0",
        config: {
          uri: "https://hooks.example.com/token",
          headers: [],
          method: "POST",
          authScheme: { type: "HEADER", key: "Authorization", value: "simulated secret" },
        },
      },
      created: CREATED,
      lastUpdated: CREATED,
    },
    {
      id: seedId(context, "cal", 1),
      status: "INACTIVE",
      name: "Assertion stamp",
      type: "com.okta.saml.tokens.transform",
      version: "1.0.2",
      channel: {
        type: "OAUTH",
        version: "1.0.0",
        config: {
          uri: "https://hooks.example.com/assertion",
          headers: [{ key: "x-office", value: "eight" }],
          method: "POST",
          authScheme: null,
          clientId: "stamp",
          clientSecret: "simulated secret",
          tokenUrl: "https://hooks.example.com/oauth/token",
          authType: "client_secret_post",
          scope: "stamp",
        },
      },
      created: CREATED,
      lastUpdated: CREATED,
    },
  ],
});

/** The public key comes with the answers to writes alone (recorded traffic). */
function withKey(item: JsonObject): JsonObject {
  return { ...item, _embedded: publicHookKey(item) };
}

/** What a hook key signs for, as anyone may check it. */
export function publicHookKey(item: JsonObject): JsonObject {
  return { kty: "RSA", alg: "RSA", kid: item["keyId"], use: null, e: "AQAB", n: `sim${String(item["keyId"])}` };
}

export const hookKeys = defineResource({
  name: "hook_keys",
  kind: "HookKey",
  path: "/api/v1/hook-keys",
  prefix: "HKY",
  scope: "okta.inlineHooks",
  create: {
    status: 200,
    required: ["name"],
    make: (body) => ({ keyId: randomUUID(), name: body["name"], isUsed: false }),
    answer: withKey,
    event: "system.hook.key.created",
  },
  replace: {
    status: 200,
    required: ["name"],
    make: (body, _, before) => ({ ...before, name: body["name"] }),
    answer: withKey,
    event: "system.hook.key.updated",
  },
  remove: { status: 204, event: "system.hook.key.deleted" },
  seed: (context) => [
    {
      id: seedId(context, "HKY", 0),
      keyId: "00000000-0000-4000-8000-000000000007",
      name: "Seal",
      created: CREATED,
      lastUpdated: CREATED,
      isUsed: false,
    },
  ],
});

/** What Okta calls, and the keys it signs with (OpenAPI spec, recorded traffic). */
export const HOOKS: readonly ResourceDefinition[] = [eventHooks, inlineHooks, hookKeys];
