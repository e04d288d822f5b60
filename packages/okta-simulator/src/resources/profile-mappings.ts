import { isObject, type JsonObject, objectAt } from "../json.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";

const TO_USER = { firstName: "firstName", lastName: "lastName", email: "email", login: "userName" };
const TO_APP = { userName: "login", displayName: "displayName" };

function properties(attributes: Readonly<Record<string, string>>, pushStatus: string): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, source]) => [name, { expression: `source.${source}`, pushStatus }]),
  );
}

/** One end of a mapping with its links; they are the base's own. */
function end(value: unknown, base: string): JsonObject {
  const side = isObject(value) ? value : {};
  const id = String(side["id"]);
  const [self, schema] =
    side["type"] === "user"
      ? [`meta/types/user/${id}`, `meta/schemas/user/${id.replace(/^oty/, "osc")}`]
      : [`apps/${id}`, `meta/schemas/apps/${id}/default`];
  return {
    ...side,
    _links: { self: { href: `${base}/api/v1/${self}` }, schema: { href: `${base}/api/v1/${schema}` } },
  };
}

/** Every application gives attributes to the default user type, and every third one takes some back. */
function seed({ org }: ResourceContext): JsonObject[] {
  const type = org.types.find((one) => one.isDefault);
  const user = { id: type?.id ?? "", name: type?.name ?? "user", type: "user" };
  return [...org.apps.all()].flatMap((app) => {
    const appUser = { id: app.id, name: app.name, type: "appuser" };
    const id = (n: number): string => org.ids.encode("prm", app.index * 2 + n);
    const given = { id: id(0), source: appUser, target: user, properties: properties(TO_USER, "DONT_PUSH") };
    const taken = { id: id(1), source: user, target: appUser, properties: properties(TO_APP, "PUSH") };
    return app.index % 3 === 0 ? [given, taken] : [given];
  });
}

/** How attributes flow between applications and user types (OpenAPI spec, recorded traffic). */
export const profileMappings = defineResource({
  name: "profile_mappings",
  kind: "ProfileMapping",
  path: "/api/v1/mappings",
  scope: "okta.profileMappings",
  stamps: null,
  follows: true,
  list: {
    page: { fallback: 20, max: 200 },
    matches: ({ source, target }, query) =>
      [
        ["sourceId", source],
        ["targetId", target],
      ].every(([name, side]) => {
        const wanted = query.get(String(name));
        return wanted === null || (isObject(side) && side["id"] === wanted);
      }),
    // The list leaves out `properties` (recorded traffic).
    row: (item) => ({ ...item, properties: undefined }),
  },
  update: {
    status: 200,
    required: ["properties"],
    make: (body, _, before = {}) => {
      const merged = { ...objectAt(before, "properties"), ...objectAt(body, "properties") };
      return {
        ...before,
        properties: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)),
      };
    },
    event: "directory.mapping.update",
  },
  shown: ({ source, target, ...item }, { base }) => ({
    id: item["id"],
    source: end(source, base),
    target: end(target, base),
    properties: item["properties"],
    _links: { self: { href: `${base}/api/v1/mappings/${String(item["id"])}` } },
  }),
  seed,
});

/** Inputs of an enrolment form; the event catalogue has no event for them (OpenAPI spec, recorded traffic). */
export const uiSchemas = defineResource({
  name: "ui_schemas",
  kind: "UISchema",
  path: "/api/v1/meta/uischemas",
  prefix: "uis",
  scope: "okta.uischemas",
  create: { status: 200, required: ["uiSchema"], event: null },
  replace: { status: 200, required: ["uiSchema"], event: null },
  remove: { status: 204, event: null },
  shown: (item, { base }) => ({
    ...item,
    _links: {
      self: {
        href: `${base}/api/v1/meta/uischemas/${String(item["id"])}`,
        hints: { allow: ["GET", "PUT", "DELETE"] },
      },
    },
  }),
  seed: (context) => [
    {
      id: seedId(context, "uis", 0),
      uiSchema: {
        type: "Group",
        label: "Join us",
        buttonLabel: "Send",
        elements: [
          { type: "Control", scope: "#/properties/lastName", label: "Last name", options: { format: "text" } },
          { type: "Control", scope: "#/properties/email", label: "E-mail", options: { format: "text" } },
        ],
      },
      created: "2024-05-06T07:08:09.000Z",
      lastUpdated: "2024-05-06T07:08:09.000Z",
    },
  ],
});
