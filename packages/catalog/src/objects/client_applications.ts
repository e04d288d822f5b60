import { boolean, instant, integer, json, paths, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** OIDC applications as OAuth knows them: the same applications, by their client id. */
export const clientApplications = defineObject({
  name: "client_applications",
  aliases: ["ClientApplications", "Clients", "OAuthClients"],
  preset: "config",
  summary: "OAuth clients: OIDC applications by their client id",
  openApi: "OAuthSpec_Client",
  list: { path: "/oauth2/v1/clients", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/oauth2/v1/clients/{client_id}" },
  key: ["client_id"],
  columns: [
    text("client_id"),
    // Epoch seconds.
    instant("client_id_issued_at"),
    text("client_name"),
    text("client_uri"),
    text("logo_uri"),
    text("application_type"),
    text("token_endpoint_auth_method"),
    // Epoch seconds, or 0 for never (RFC 7591): no instant.
    integer("client_secret_expires_at"),
    json("redirect_uris"),
    json("post_logout_redirect_uris"),
    json("response_types"),
    json("grant_types"),
    text("initiate_login_uri"),
    text("policy_uri"),
    text("tos_uri"),
    json("jwks.keys"),
    text("jwks_uri"),
    text("id_token_encrypted_response_alg"),
    text("request_object_signing_alg"),
    text("frontchannel_logout_uri"),
    boolean("frontchannel_logout_session_required"),
  ],
  secrets: [...paths("client_secret"), ...privateKeyMembers("jwks.keys")],
  sets: paths("redirect_uris", "post_logout_redirect_uris", "response_types", "grant_types"),
  incremental: { how: "log" },
  events: [
    // A client id need not be the application's id, and what these events' targets are is not documented: the list, two
    // hundred a request, is read instead of the row.
    {
      types: [
        "app.oauth2.client.lifecycle.create",
        "app.oauth2.client.lifecycle.update",
        "app.oauth2.client.lifecycle.delete",
        "app.oauth2.client.lifecycle.activate",
        "app.oauth2.client.lifecycle.deactivate",
        "app.oauth2.credentials.lifecycle.create",
        "app.oauth2.credentials.lifecycle.activate",
        "app.oauth2.credentials.lifecycle.deactivate",
        "app.oauth2.credentials.lifecycle.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.clients.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
