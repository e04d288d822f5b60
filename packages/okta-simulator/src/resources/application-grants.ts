import { instantText, type JsonObject, valueAt } from "../json.js";
import { appOf, appTargets, generatedApp } from "./application-keys.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";

/** Links that grants and tokens share: the application, as an application and as a client (recorded traffic). */
function clientLinks(context: ResourceContext): JsonObject {
  const app = appOf(context);
  const title = app?.label ?? "";
  return {
    app: { href: `${context.base}/api/v1/apps/${app?.id ?? ""}`, title },
    client: { href: `${context.base}/oauth2/v1/clients/${app?.id ?? ""}`, title },
  };
}

function isOAuth(context: ResourceContext): boolean {
  return appOf(context)?.signOnMode === "OPENID_CONNECT";
}

/** Scopes of Okta's API that an administrator granted to an application (recorded traffic: created with 200). */
export const applicationGrants = defineResource({
  name: "application_grants",
  kind: "OAuth2ScopeConsentGrant",
  path: "/api/v1/apps/{appId}/grants",
  ancestors: { appId: "applications" },
  prefix: "oag",
  scope: "okta.appGrants",
  list: { row: (item, query) => withScope(item, query.get("expand") === "scope") },
  create: {
    status: 200,
    required: ["scopeId", "issuer"],
    make: ({ scopeId, issuer }, context) => ({
      status: "ACTIVE",
      createdBy: { id: context.org.actor.id, type: "User" },
      issuer,
      clientId: context.ancestors["appId"],
      scopeId,
      source: "ADMIN",
    }),
    answer: (item, context) => withScope(grantShown(item, context), true),
    event: "app.oauth2.admin.consent.grant",
  },
  remove: { status: 204, event: "app.oauth2.admin.consent.revoke" },
  targets: appTargets,
  shown: grantShown,
  // Service applications are what scopes of the API are granted to.
  seed: (context) => {
    const app = generatedApp(context);
    if (!app || valueAt(app.body, "settings.oauthClient.application_type") !== "service") return [];
    return ["okta.users.read", "okta.groups.read"].map((scopeId, n) => ({
      id: seedId(context, "oag", n),
      status: "ACTIVE",
      created: instantText(app.created),
      createdBy: { id: context.org.users.id(0), type: "User" },
      lastUpdated: instantText(app.created),
      issuer: "",
      clientId: app.id,
      scopeId,
      source: "ADMIN",
    }));
  },
});

function grantShown(item: JsonObject, context: ResourceContext): JsonObject {
  const href = `${context.base}/api/v1/apps/${context.ancestors["appId"]}/grants/${String(item["id"])}`;
  return {
    ...item,
    issuer: item["issuer"] || context.base,
    _links: { ...clientLinks(context), self: { href, hints: { allow: ["GET", "DELETE"] } } },
  };
}

function withScope(item: JsonObject, expand: boolean): JsonObject {
  return expand ? { ...item, _embedded: { scope: { id: item["scopeId"] } } } : item;
}

/** Refresh tokens that are alive: a day or two of sign-ins, never the token itself. */
export const applicationTokens = defineResource({
  name: "application_tokens",
  kind: "OAuth2RefreshToken",
  path: "/api/v1/apps/{appId}/tokens",
  ancestors: { appId: "applications" },
  prefix: "oar",
  scope: "okta.apps",
  list: { page: { fallback: 20, max: 200 } },
  remove: { status: 204, event: "app.oauth2.as.token.revoke" },
  targets: appTargets,
  shown: (item, context) => {
    const href = `${context.base}/api/v1/apps/${context.ancestors["appId"]}/tokens/${String(item["id"])}`;
    return {
      ...item,
      issuer: `${context.base}/oauth2/default`,
      _links: {
        ...clientLinks(context),
        self: { href },
        revoke: { href, hints: { allow: ["DELETE"] } },
        user: { href: `${context.base}/api/v1/users/${String(item["userId"])}` },
      },
    };
  },
  // Clients that may refresh, and up to three of the users that the org began with.
  seed: (context) => {
    const app = generatedApp(context);
    const grants = valueAt(app?.body, "settings.oauthClient.grant_types");
    if (!app || !isOAuth(context) || !Array.isArray(grants) || !grants.includes("refresh_token")) return [];
    const users = Math.min(app.index % 4, context.org.users.end);
    return Array.from({ length: users }, (_, n) => ({
      id: seedId(context, "oar", n),
      status: "ACTIVE",
      created: instantText(app.created),
      lastUpdated: instantText(app.created),
      expiresAt: instantText(app.created + 7 * 86_400_000),
      issuer: "",
      clientId: app.id,
      userId: context.org.users.id(n),
      scopes: ["openid", "offline_access"],
    }));
  },
});
