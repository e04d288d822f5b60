import { oktaError } from "../errors.js";
import { instantText, type JsonObject, stringAt } from "../json.js";
import type { Org } from "../org/org.js";
import { userTarget } from "../org/targets.js";
import { defineResource, type WritableResources } from "./definition.js";

const LIFE_MS = 2 * 3_600_000;

function isOpen(item: JsonObject, org: Org): boolean {
  const owner = org.users.find(String(item["userId"]));
  return org.users.exists(owner) && Date.parse(String(item["expiresAt"])) > org.now();
}

/** The user to whom `POST /authn` gave this token. A token serves once; the code of the refusal is not documented. */
function ownerOf(org: Org, token: string): string {
  const found = org.sessionTokens.get(token);
  if (!found || found.expires <= org.now()) throw oktaError("E0000004");
  return found.userId;
}

/** Sessions of users in a browser: known by their id alone, nothing lists them (OpenAPI spec). */
export const sessions = defineResource({
  name: "sessions",
  kind: "Session",
  path: "/api/v1/sessions",
  prefix: "102",
  scope: "okta.sessions",
  list: null,
  stamps: null,
  present: (item, { org }) => isOpen(item, org),
  create: {
    status: 200,
    required: ["sessionToken"],
    make: (body, { org }) => {
      const token = stringAt(body, "sessionToken") ?? "";
      const userId = ownerOf(org, token);
      org.sessionTokens.delete(token);
      const now = org.stamp();
      return {
        userId,
        login: String(org.users.get(org.users.find(userId))?.profile["login"]),
        createdAt: instantText(now),
        expiresAt: instantText(now + LIFE_MS),
        status: "ACTIVE",
        lastPasswordVerification: instantText(now),
        lastFactorVerification: null,
        amr: ["pwd"],
        idp: { id: org.id, type: "OKTA" },
        mfaActive: false,
      };
    },
    // The sign-in is logged already.
    event: null,
  },
  actions: {
    refresh: {
      status: 200,
      make: (_, { org }, before) => ({ ...before, expiresAt: instantText(org.stamp() + LIFE_MS) }),
      event: null,
    },
  },
  remove: { status: 204, event: "user.session.end" },
  targets: (item, { org }) => {
    const user = org.users.get(org.users.find(String(item["userId"])));
    return user ? [userTarget(user)] : [];
  },
  shown: (item, { base }) => {
    const self = `${base}/api/v1/sessions/${String(item["id"])}`;
    return {
      ...item,
      _links: {
        self: { href: self, hints: { allow: ["GET", "DELETE"] } },
        refresh: { href: `${self}/lifecycle/refresh`, hints: { allow: ["POST"] } },
        user: { href: `${base}/api/v1/users/${String(item["userId"])}`, hints: { allow: ["GET"] } },
      },
    };
  },
});

/** Ends every session of a user; one event, which the caller writes, tells of them. */
export function endSessions(store: WritableResources, userId: string): void {
  for (const item of store.list(sessions, {})) {
    if (item["userId"] === userId) store.end({ definition: sessions, ancestors: {} }, String(item["id"]));
  }
}
