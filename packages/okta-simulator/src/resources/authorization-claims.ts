import { oktaError } from "../errors.js";
import { type JsonObject, objectAt } from "../json.js";
import { API_ACCESS, seededServer, serverOf, serverPath, SERVERS, withServer } from "./authorization-servers.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";

/** What Okta made itself stays (Terraform provider); the error's code is not documented. */
export function refuseSystem(_: JsonObject, __: ResourceContext, item?: JsonObject): void {
  if (item?.["system"] === true) throw oktaError("E0000111", { arg: String(item["name"]) });
}

function selfLink(kind: string) {
  return (item: JsonObject, context: ResourceContext): JsonObject => {
    const href = `${context.base}${serverPath(serverOf(context))}/${kind}/${String(item["id"])}`;
    return { ...item, _links: { self: { href, hints: { allow: ["GET", "PUT", "DELETE"] } } } };
  };
}

/** Claims: Okta's own, and what an administrator adds (recorded traffic: apiResourceId is there, times are not). */
export const authorizationServerClaims = defineResource({
  name: "authorization_server_claims",
  kind: "OAuth2Claim",
  path: `${SERVERS}/{authServerId}/claims`,
  ancestors: { authServerId: "authorization_servers" },
  prefix: "ocl",
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  stamps: null,
  create: {
    status: 201,
    required: ["name"],
    make: (body) => claim({ status: "ACTIVE", valueType: "EXPRESSION", alwaysIncludeInToken: true, ...body }),
    event: "oauth2.claim.created",
  },
  replace: {
    status: 200,
    make: (body, _, before = {}) => claim({ ...body, id: before["id"], system: before["system"] }),
    event: "oauth2.claim.updated",
  },
  remove: { status: 204, check: refuseSystem, event: "oauth2.claim.deleted" },
  targets: withServer("OAuth2Claim"),
  shown: selfLink("claims"),
  seed: (context) => [
    ...SYSTEM_CLAIMS.map((item, n) => ({ id: seedId(context, "ocl", n), ...item })),
    ...(seededServer(context) === 1
      ? [
          claim({
            id: seedId(context, "ocl", 100),
            name: "partner_groups",
            status: "ACTIVE",
            claimType: "RESOURCE",
            valueType: "GROUPS",
            value: "partner",
            group_filter_type: "STARTS_WITH",
            conditions: { scopes: ["orders:read"] },
            alwaysIncludeInToken: false,
          }),
        ]
      : []),
  ],
});

function claim(body: JsonObject): JsonObject {
  return {
    system: false,
    apiResourceId: null,
    ...body,
    conditions: { scopes: objectAt(body, "conditions")["scopes"] ?? [] },
  };
}

const SYSTEM_CLAIMS: readonly JsonObject[] = [
  claim({
    name: "sub",
    status: "ACTIVE",
    claimType: "RESOURCE",
    valueType: "EXPRESSION",
    value: "(appuser != null) ? appuser.userName : app.clientId",
    system: true,
    alwaysIncludeInToken: true,
  }),
  ...(
    [
      ["name", "profile", true],
      ["family_name", "profile", false],
      ["preferred_username", "profile", true],
      ["zoneinfo", "profile", false],
      ["email", "email", true],
      ["email_verified", "email", false],
      ["address", "address", false],
      ["phone_number", "phone", false],
    ] as const
  ).map(([name, scope, alwaysIncludeInToken]) =>
    claim({
      name,
      status: "ACTIVE",
      claimType: "IDENTITY",
      valueType: "SYSTEM",
      conditions: { scopes: [scope] },
      system: true,
      alwaysIncludeInToken,
    }),
  ),
];

/** Scopes: Okta's own, and what an administrator adds. */
export const authorizationServerScopes = defineResource({
  name: "authorization_server_scopes",
  kind: "OAuth2Scope",
  path: `${SERVERS}/{authServerId}/scopes`,
  ancestors: { authServerId: "authorization_servers" },
  prefix: "scp",
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  stamps: null,
  list: {
    page: { fallback: 200, max: 200 },
    matches: (item, query) => String(item["name"]).startsWith(query.get("q") ?? ""),
  },
  create: {
    status: 201,
    required: ["name"],
    check: ({ name }) => {
      if (String(name).startsWith("okta."))
        throw oktaError("E0000001", { arg: "name", causes: ["name: Must not start with okta."] });
    },
    make: (body) => scope(body),
    event: "oauth2.scope.created",
  },
  replace: {
    status: 200,
    make: (body, _, before = {}) => scope({ ...body, id: before["id"], system: before["system"] }),
    event: "oauth2.scope.updated",
  },
  remove: { status: 204, check: refuseSystem, event: "oauth2.scope.deleted" },
  targets: withServer("OAuth2Scope"),
  shown: selfLink("scopes"),
  seed: (context) => [
    ...SYSTEM_SCOPES.map(([name, displayName], n) =>
      scope({ id: seedId(context, "scp", n), name, displayName, metadataPublish: "ALL_CLIENTS", system: true }),
    ),
    ...(seededServer(context) === 1
      ? [
          scope({
            id: seedId(context, "scp", 100),
            name: "orders:read",
            displayName: "Read orders",
            consent: "REQUIRED",
          }),
        ]
      : []),
  ],
});

function scope(body: JsonObject): JsonObject {
  return {
    displayName: "",
    description: "",
    system: false,
    metadataPublish: "NO_CLIENTS",
    consent: "IMPLICIT",
    optional: false,
    apiResourceId: null,
    default: false,
    ...body,
  };
}

const SYSTEM_SCOPES = [
  ["openid", "openid"],
  ["profile", "View your profile information."],
  ["email", "View your email address."],
  ["address", "View your address."],
  ["phone", "View your phone number."],
  ["offline_access", "Keep you signed in to the app."],
  ["device_sso", "Request device secret."],
] as const;
