import { oktaError } from "../errors.js";
import { instantText, type JsonObject } from "../json.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { link } from "./lifecycle.js";

const DAY = 86_400_000;

/** A key's serial number in twelve digits (OpenAPI spec's examples). */
function serialOf(number: unknown): string {
  return String(number).padStart(12, "0");
}

/** ACTIVE with a user; BLOCKED once that user is deactivated or deleted (Okta support). */
function statusOf({ org }: ResourceContext, userId: unknown): string {
  if (typeof userId !== "string") return "UNASSIGNED";
  const u = org.users.find(userId);
  return org.users.exists(u) && org.users.status(u) !== "DEPROVISIONED" ? "ACTIVE" : "BLOCKED";
}

/** YubiKeys whose seeds were uploaded. No event tells of one (event catalogue). */
export const yubikeyTokens = defineResource({
  name: "yubikey_tokens",
  kind: "YubiKeyToken",
  path: "/api/v1/org/factors/yubikey_token/tokens",
  prefix: "ykk",
  scope: "okta.users",
  list: { page: { fallback: 20, max: 200 } },
  create: {
    status: 200,
    // Which of them must be there is not documented.
    required: ["serialNumber", "publicId", "privateId", "aesKey"],
    make: (body, { org }) => ({
      profile: { serial: serialOf(body["serialNumber"]) },
      lastVerified: instantText(org.stamp()),
    }),
    event: null,
  },
  // In Okta's support pages and the links of the specification's examples. Whether the list still shows what was removed,
  // with another status, is not documented; here it does not.
  remove: {
    status: 204,
    check: (_, context, before) => {
      if (statusOf(context, before?.["userId"]) === "ACTIVE") throw oktaError("E0000102");
    },
    event: null,
  },
  // The user is in a link alone, for as long as there is one.
  shown: ({ userId, ...item }, context) => {
    const { base, org } = context;
    const status = statusOf(context, userId);
    const href = `${base}/api/v1/org/factors/yubikey_token/tokens/${String(item["id"])}`;
    const known = typeof userId === "string" && org.users.exists(org.users.find(userId));
    return {
      ...item,
      status,
      _links: {
        self: link(href, ...(status === "ACTIVE" ? ["GET"] : ["GET", "DELETE"])),
        ...(known ? { user: link(`${base}/api/v1/users/${userId}`, "GET") } : {}),
      },
    };
  },
  seed: (context) => {
    const { org } = context;
    return Array.from({ length: Math.min(25, Math.floor(org.generator.count / 8)) }, (_, n): JsonObject => {
      const created = org.newest - (40 + n) * DAY;
      const used = instantText(org.newest - (1 + n) * DAY);
      const assigned = { userId: org.users.id(n * 3 + 2), activated: instantText(created + DAY), lastVerified: used };
      return {
        id: seedId(context, "ykk", n),
        created: instantText(created),
        lastUpdated: instantText(created),
        lastVerified: instantText(created),
        profile: { serial: serialOf(7_300_000 + n) },
        ...(n % 3 === 0 ? {} : assigned),
      };
    });
  },
});
