import { json } from "../columns.js";
import { defineObject } from "../definition.js";

/** What each brand answers under `/.well-known` for Apple, Android and passkeys. */
export const wellKnownUris = defineObject({
  name: "well_known_uris",
  aliases: ["WellKnownURIs"],
  preset: "config",
  summary: "Well-known URIs of each brand (apple-app-site-association, assetlinks.json, webauthn)",
  openApi: "WellKnownURIsRoot",
  list: {
    path: "/api/v1/brands/{brand_id}/well-known-uris",
    query: { expand: "all" },
    single: true,
    pageSize: 0,
  },
  parent: { object: "brands", columns: { brand_id: "id" } },
  key: ["brand_id"],
  // The documents' own names are keys, and what is in them is the customer's.
  columns: [json("_embedded", { name: "uris" })],
  incremental: { how: "log" },
  events: [
    // Whether the target names the URI or its brand is not documented: there are as many requests as brands.
    { types: ["system.well_known_uri.update"], effect: "whole", key: {} },
    // `Brand` is the likely type of the target; without it all are listed.
    { types: ["system.brand.create"], effect: "scope", key: { brand_id: "Brand" } },
  ],
  references: { brand_id: "brands" },
  scopes: ["okta.brands.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
