import { oktaError } from "../errors.js";
import { instantText, type JsonObject } from "../json.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { lifecycle, lifecycleLink, link } from "./lifecycle.js";
import { refuseSystem, writable } from "./policy-types.js";

const TYPES = ["IP", "DYNAMIC", "DYNAMIC_V2"];

/** What an answer shows of each type: null and absent differ by type (recorded traffic). */
const EMPTY: Readonly<Record<string, JsonObject>> = {
  IP: { gateways: null, proxies: null },
  DYNAMIC: { locations: null, proxyType: "", asns: [] },
  DYNAMIC_V2: {
    locations: { include: [], exclude: [] },
    ipServiceCategories: { include: [], exclude: [] },
    asns: { include: [], exclude: [] },
  },
};

function checkType(body: JsonObject, { org }: ResourceContext, before?: JsonObject): void {
  const type = String(body["type"]);
  if (!TYPES.includes(type)) throw oktaError("E0000001", { arg: "type", causes: ["type: Invalid zone type."] });
  // A Classic org without the licence (recorded traffic).
  if (type !== "IP" && org.withoutFeatures.has("dynamic-zones")) throw oktaError("E0000015");
  if (before && before["type"] !== type)
    throw oktaError("E0000001", { arg: "type", causes: ["type: The type of a zone cannot be changed."] });
}

function withLinks(item: JsonObject, { base }: ResourceContext): JsonObject {
  const href = `${base}/api/v1/zones/${String(item["id"])}`;
  const self = link(href, "GET", "PUT", ...(item["system"] === true ? [] : ["DELETE"]));
  return { ...item, _links: { self, ...lifecycleLink(item, href) } };
}

/** `filter=usage eq "POLICY"`, and the same of id and system (OpenAPI spec). */
function matches(item: JsonObject, query: URLSearchParams): boolean {
  const filter = query.get("filter");
  if (filter === null) return true;
  const parts = filter.split(/ and /i).map((part) => /^\s*(id|usage|system) eq "?([^"]*)"?\s*$/.exec(part));
  if (parts.includes(null)) throw oktaError("E0000031");
  return parts.every((part) => String(item[part?.[1] ?? ""]) === part?.[2]);
}

function seeds(context: ResourceContext): readonly JsonObject[] {
  const { org } = context;
  const classic = org.withoutFeatures.has("dynamic-zones");
  const zones: readonly JsonObject[] = [
    {
      type: "IP",
      name: "LegacyIpZone",
      system: true,
      gateways: [{ type: "CIDR", value: "198.51.100.0/24" }],
      proxies: null,
    },
    { type: "IP", name: "BlockedIpZone", usage: "BLOCKLIST", system: true, gateways: null, proxies: null },
    {
      type: "IP",
      name: "Head office",
      gateways: [
        { type: "RANGE", value: "192.0.2.10-192.0.2.20" },
        { type: "CIDR", value: "203.0.113.0/28" },
      ],
      proxies: [{ type: "CIDR", value: "203.0.113.16/28" }],
    },
    {
      type: "DYNAMIC",
      name: "Neighbours",
      proxyType: "",
      asns: ["64500", "64501"],
      locations: [
        { country: "CH", region: "CH-ZH" },
        { country: "LI", region: null },
      ],
    },
    {
      type: "DYNAMIC",
      name: "Tor",
      usage: "BLOCKLIST",
      status: "INACTIVE",
      proxyType: "TorAnonymizer",
      asns: [],
      locations: null,
    },
    {
      type: "DYNAMIC_V2",
      name: "DefaultEnhancedDynamicZone",
      usage: "BLOCKLIST",
      status: "INACTIVE",
      system: true,
      asns: { include: [], exclude: [] },
      locations: { include: [], exclude: [{ country: "AT", region: "AT-8" }] },
      ipServiceCategories: { include: ["ALL_ANONYMIZERS"], exclude: [] },
    },
  ];
  const at = instantText(org.newest - 60 * 86_400_000);
  return zones
    .filter(({ type }) => type === "IP" || !classic)
    .map((zone, n) => ({
      id: seedId(context, "nzo", n),
      status: "ACTIVE",
      usage: "POLICY",
      system: false,
      created: at,
      lastUpdated: at,
      ...zone,
    }));
}

/** Network zones. */
export const networkZones = defineResource({
  name: "network_zones",
  kind: "NetworkZone",
  path: "/api/v1/zones",
  prefix: "nzo",
  scope: "okta.networkZones",
  // The specification's default of -1 means all; pages by `after` (no maximum is documented).
  list: { page: { fallback: 200, max: 200 }, matches },
  create: {
    status: 200,
    required: ["type", "name"],
    check: checkType,
    make: (body) => ({
      usage: "POLICY",
      ...EMPTY[String(body["type"])],
      ...writable(body),
      type: body["type"],
      status: body["status"] === "INACTIVE" ? "INACTIVE" : "ACTIVE",
      system: false,
    }),
    event: "zone.create",
  },
  replace: {
    status: 200,
    required: ["type", "name"],
    check: checkType,
    make: (body, _, before) => {
      const { useAsExemptList: _exempt, useAsBlackList: _black, ...given } = writable(body);
      return {
        usage: before?.["usage"],
        ...EMPTY[String(body["type"])],
        ...given,
        type: before?.["type"],
        status: before?.["status"],
        system: before?.["system"],
        created: before?.["created"],
      };
    },
    // The answer alone has them (recorded traffic).
    answer: (item, context) => ({
      ...withLinks(item, context),
      useAsExemptList: false,
      useAsBlackList: item["usage"] === "BLOCKLIST",
    }),
    event: "zone.update",
  },
  remove: { status: 204, check: (_, __, before) => refuseSystem("zone", before), event: "zone.delete" },
  actions: lifecycle({ activate: "zone.activate", deactivate: "zone.deactivate" }),
  shown: withLinks,
  seed: seeds,
});
