import { boolean, instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Network zones of every type. */
export const networkZones = defineObject({
  name: "network_zones",
  aliases: ["NetworkZones", "zones"],
  preset: "config",
  summary: "Network zones: addresses, places and networks that policies name",
  openApi: "NetworkZone",
  // Its `limit` is -1 by default and has no maximum (OpenAPI spec): Okta's own page is kept.
  list: { path: "/api/v1/zones", pageSize: 0 },
  get: { path: "/api/v1/zones/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("type"),
    text("name"),
    text("status"),
    text("usage"),
    boolean("system"),
    instant("created"),
    instant("lastUpdated"),
    json("gateways"),
    json("proxies"),
    text("proxyType"),
    // Arrays in DYNAMIC zones, objects with include and exclude in DYNAMIC_V2 zones (recorded traffic).
    json("asns"),
    json("locations"),
    json("ipServiceCategories"),
    // Only the answers to writes have them (recorded traffic).
    boolean("useAsExemptList"),
    boolean("useAsBlackList"),
  ],
  sets: paths(
    "gateways",
    "proxies",
    "asns",
    "asns.include",
    "asns.exclude",
    "locations",
    "locations.include",
    "locations.exclude",
    "ipServiceCategories.include",
    "ipServiceCategories.exclude",
  ),
  incremental: { how: "log" },
  events: [
    // The type of the events' targets is not documented.
    {
      types: [
        "zone.create",
        "zone.update",
        "zone.activate",
        "zone.deactivate",
        "zone.delete",
        "zone.make_blacklist",
        "zone.remove_blacklist",
        "security.zone.make_blacklist",
        "security.zone.remove_blacklist",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.networkZones.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
