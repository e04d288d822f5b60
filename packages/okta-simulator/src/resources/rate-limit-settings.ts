import { oktaError } from "../errors.js";
import { collectEquals, parseExpression } from "../expression.js";
import type { JsonObject } from "../json.js";
import { defineResource, seedId } from "./definition.js";

const EVENT = "system.rate_limit.configuration.update";
const MODES: ReadonlySet<unknown> = new Set(["DISABLE", "ENFORCE", "PREVIEW"]);

/** One of the org's settings about rate limits: an object without id and without times (recorded traffic). */
function setting(name: string, path: string, seeded: JsonObject) {
  return defineResource({
    name,
    kind: "RateLimitSettings",
    path: `/api/v1/rate-limit-settings/${path}`,
    single: true,
    scope: "okta.rateLimits",
    stamps: null,
    replace: {
      status: 200,
      required: Object.keys(seeded).slice(0, 1),
      check: (body) => {
        const mode = body["defaultMode"];
        if (mode !== undefined && !MODES.has(mode)) throw oktaError("E0000001", { arg: "defaultMode" });
      },
      make: (body) => body,
      event: EVENT,
    },
    seed: () => [seeded],
  });
}

export const rateLimitAdminNotifications = setting("rate_limit_admin_notifications", "admin-notifications", {
  notificationsEnabled: true,
});

export const rateLimitPerClient = setting("rate_limit_per_client", "per-client", {
  defaultMode: "ENFORCE",
  useCaseModeOverrides: { LOGIN_PAGE: "PREVIEW" },
});

export const rateLimitWarningThreshold = setting("rate_limit_warning_threshold", "warning-threshold", {
  warningThreshold: 90,
});

/** Recorded traffic: without milliseconds. */
function wholeSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Shares of tokens and clients. The list demands the kind. */
export const principalRateLimits = defineResource({
  name: "principal_rate_limits",
  kind: "PrincipalRateLimitEntity",
  path: "/api/v1/principal-rate-limits",
  prefix: "prl",
  scope: "okta.principalRateLimits",
  stamps: { created: "createdDate", updated: "lastUpdate", text: wholeSeconds },
  list: {
    page: { fallback: 20, max: 50 },
    check: (query) => {
      const kinds = kindsOf(query);
      if (kinds?.length !== 1) throw oktaError("E0000031");
    },
    matches: (item, query) => kindsOf(query)?.[0] === item["principalType"],
  },
  create: {
    status: 201,
    required: ["principalId", "principalType"],
    make: (body, { org }) => ({
      defaultPercentage: 50,
      defaultConcurrencyPercentage: 50,
      ...body,
      orgId: org.id,
      createdBy: org.actor.id,
      lastUpdatedBy: org.actor.id,
    }),
    event: EVENT,
  },
  replace: {
    status: 200,
    required: ["principalId", "principalType"],
    make: (body, { org }, before) => ({ ...before, ...body, lastUpdatedBy: org.actor.id }),
    event: EVENT,
  },
  seed: (context) =>
    ["SSWS_TOKEN", "OAUTH_CLIENT"].map((principalType, n) => ({
      id: seedId(context, "prl", n),
      orgId: context.org.id,
      principalId: context.org.ids.encode(n === 0 ? "00T" : "0oa", 1),
      principalType,
      defaultPercentage: 50,
      defaultConcurrencyPercentage: 75,
      createdDate: "2025-01-19T18:37:11Z",
      createdBy: context.org.users.id(0),
      lastUpdate: "2025-01-20T10:42:39Z",
      lastUpdatedBy: context.org.users.id(0),
    })),
});

function kindsOf(query: URLSearchParams): string[] | null {
  return collectEquals(parseExpression(query.get("filter") ?? "", "filter"), "principalType");
}
