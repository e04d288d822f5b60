import { boolean, instant, integer, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** External and social identity providers. `protocol` and `policy` differ by type, so they are JSON. */
export const identityProviders = defineObject({
  name: "identity_providers",
  aliases: ["IdentityProviders", "IdPs"],
  preset: "config",
  summary: "External and social identity providers, inactive ones included",
  openApi: "IdentityProvider",
  list: { path: "/api/v1/idps", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/idps/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("type"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    text("issuerMode"),
    text("protocol.type"),
    json("protocol"),
    text("policy.accountLink.action"),
    text("policy.provisioning.action"),
    boolean("policy.provisioning.profileMaster"),
    text("policy.subject.matchType"),
    text("policy.subject.matchAttribute"),
    integer("policy.maxClockSkew"),
    json("policy"),
    // Of providers that prove identities alone (OpenAPI spec).
    json("properties"),
  ],
  // A read returns the client's secret (recorded traffic); Apple's signing part has a private key (Okta's SDK), and the
  // bearer part an identity prover's API key.
  secrets: [
    ...paths("protocol.credentials.client.client_secret", "protocol.credentials.bearer.*"),
    ...paths("protocol.credentials.signing.privateKey"),
  ],
  sets: paths(
    "protocol.scopes",
    "policy.provisioning.groups.assignments",
    "policy.provisioning.groups.filter",
    "policy.accountLink.filter.groups.include",
    "policy.accountLink.filter.users.include",
    "policy.accountLink.filter.users.exclude",
    "properties.additionalAmr",
  ),
  incremental: { how: "log" },
  // The events' target type is not documented; the whole list is one request for 200 providers.
  events: [
    {
      types: [
        "system.idp.lifecycle.create",
        "system.idp.lifecycle.update",
        "system.idp.lifecycle.activate",
        "system.idp.lifecycle.deactivate",
        "system.idp.lifecycle.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.idps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
