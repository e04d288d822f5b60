import { type Json, type JsonObject, objectAt } from "../json.js";
import type { App } from "../org/apps.js";
import type { Org } from "../org/org.js";
import { roleJson, rolesOf } from "../org/roles.js";
import { defineResource } from "./definition.js";

/** What a client shares with its application's settings, in the same words (oauth.yaml). */
const SETTINGS = [
  "client_uri",
  "logo_uri",
  "application_type",
  "redirect_uris",
  "post_logout_redirect_uris",
  "response_types",
  "grant_types",
  "initiate_login_uri",
  "policy_uri",
  "tos_uri",
  "jwks",
  "jwks_uri",
  "id_token_encrypted_response_alg",
  "request_object_signing_alg",
  "frontchannel_logout_uri",
  "frontchannel_logout_session_required",
  "dpop_bound_access_tokens",
] as const;

/** An OIDC application as OAuth shows it. */
export function clientJson(app: App): JsonObject {
  const { client_id, token_endpoint_auth_method } = objectAt(app.body["credentials"], "oauthClient");
  const settings = objectAt(app.body["settings"], "oauthClient");
  const shared: Record<string, Json | undefined> = {};
  for (const name of SETTINGS) if (settings[name] !== undefined) shared[name] = settings[name];
  return {
    client_id: client_id || app.id,
    client_id_issued_at: Math.floor(app.created / 1000),
    client_name: app.label,
    client_secret_expires_at: 0,
    token_endpoint_auth_method,
    ...shared,
  };
}

/** The service app that tests and the demo sign in with: a client, though the org's applications begin without it. */
function serviceClient({ serviceApp, newest }: Org): readonly JsonObject[] {
  if (!serviceApp) return [];
  return [
    {
      client_id: serviceApp.clientId,
      client_id_issued_at: Math.floor(newest / 1000) - 86_400,
      client_name: "Service app",
      client_secret_expires_at: 0,
      application_type: "service",
      token_endpoint_auth_method: "private_key_jwt",
      grant_types: ["client_credentials"],
      response_types: ["token"],
      redirect_uris: [],
      jwks: { keys: serviceApp.keys() },
    },
  ];
}

/** `/oauth2/v1/clients`: OIDC applications once more, in snake_case (oauth.yaml). */
export const clientApplications = defineResource({
  name: "client_applications",
  kind: "PublicClientApp",
  path: "/oauth2/v1/clients",
  idOf: (item) => String(item["client_id"]),
  scope: "okta.clients",
  list: {
    page: { fallback: 20, max: 200 },
    matches: (item, query) =>
      String(item["client_name"])
        .toLowerCase()
        .startsWith(query.get("q")?.toLowerCase() ?? ""),
  },
  derived: ({ org }, at) => [
    ...[...org.apps.all(at)].filter((app) => app.signOnMode === "OPENID_CONNECT").map(clientJson),
    ...serviceClient(org),
  ],
});

/** Roles of clients; their paths are those of users' roles and are routed with them. */
export const clientRoles = defineResource({
  name: "client_roles",
  kind: "RoleAssignment",
  path: "/oauth2/v1/clients/{clientId}/roles",
  ancestors: { clientId: "client_applications" },
  scope: "okta.roles",
  list: null,
  readable: false,
  derived: ({ org, ancestors }) => {
    const client = ancestors["clientId"] ?? "";
    return rolesOf(org, client).map((role) => roleJson(role, client, ""));
  },
  shown: (item, { base, ancestors }) => ({
    ...item,
    _links: { assignee: { href: `${base}/oauth2/v1/clients/${ancestors["clientId"]}` } },
  }),
});
