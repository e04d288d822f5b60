import { oktaError } from "../errors.js";
import { comparisons, evaluate, lookup, parseExpression } from "../expression.js";
import { isObject, type JsonObject } from "../json.js";
import { defineResource, seedId } from "./definition.js";
import { lifecycle } from "./lifecycle.js";

/** What `filter` takes (OpenAPI spec); an origin has as many types as scopes. */
const FILTERABLE = new Set(["name", "origin", "status", "type"]);

function filtered(item: JsonObject, filter: string | null): boolean {
  if (!filter) return true;
  const expression = parseExpression(filter, "filter");
  for (const { path } of comparisons(expression)) {
    if (!FILTERABLE.has(path)) throw oktaError("E0000031", { causes: [`Invalid search criteria: ${path}`] });
  }
  const scopes = Array.isArray(item["scopes"]) ? item["scopes"].filter(isObject) : [];
  return scopes.some(({ type }) => evaluate(expression, lookup({ ...item, type })));
}

/** Origins that browsers may call Okta from. */
export const trustedOrigins = defineResource({
  name: "trusted_origins",
  kind: "TrustedOrigin",
  path: "/api/v1/trustedOrigins",
  prefix: "tos",
  scope: "okta.trustedOrigins",
  list: {
    page: { fallback: 20, max: 200 },
    matches: (item, query) => {
      const q = query.get("q")?.toLowerCase();
      const found = !q || [item["name"], item["origin"]].some((text) => String(text).toLowerCase().startsWith(q));
      return found && filtered(item, query.get("filter"));
    },
  },
  create: {
    status: 200,
    required: ["name", "origin", "scopes"],
    make: (body, { org }) => ({ ...body, status: "ACTIVE", createdBy: org.actor.id, lastUpdatedBy: org.actor.id }),
    event: "security.trusted_origin.create",
  },
  replace: { status: 200, required: ["name", "origin", "scopes"], event: "security.trusted_origin.update" },
  remove: { status: 204, event: "security.trusted_origin.delete" },
  actions: lifecycle({
    activate: "security.trusted_origin.activate",
    deactivate: "security.trusted_origin.deactivate",
  }),
  seed: (context) =>
    ["https://intranet.example.com", "https://portal.example.com"].map((origin, n) => ({
      id: seedId(context, "tos", n),
      name: `Origin ${n + 1}`,
      origin,
      scopes: [{ type: "CORS" }, { type: "REDIRECT" }],
      status: "ACTIVE",
      created: "2024-03-01T09:00:00.000Z",
      createdBy: context.org.users.id(0),
      lastUpdated: "2024-03-01T09:00:00.000Z",
      lastUpdatedBy: context.org.users.id(0),
    })),
});
