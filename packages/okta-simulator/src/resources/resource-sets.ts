import { oktaError } from "../errors.js";
import { instant, type JsonObject, stringsIn } from "../json.js";
import type { Target } from "../org/log-events.js";
import { customRoles } from "./custom-roles.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";

const SEEDED = "2024-05-06T07:08:09.000Z";

function setPath(base: string, id: unknown): string {
  return `${base}/api/v1/iam/resource-sets/${String(id)}`;
}

function setOf({ ancestors }: ResourceContext): string {
  return ancestors["resourceSetId"] ?? "";
}

/** What events of a set name is not documented; Okta's 404 calls it IAMPolicy (recorded traffic). */
function setTarget(context: ResourceContext): Target {
  const set = context.resources.find(resourceSets, {}, setOf(context));
  return { id: setOf(context), type: "IAMPolicy", displayName: String(set?.["label"] ?? "unknown") };
}

/** Every org has it, with a name in place of an id (OpenAPI spec). */
function builtIn({ org }: ResourceContext) {
  return {
    id: "WORKFLOWS_IAM_POLICY",
    label: "Workflows Resource Set",
    description: "Every flow of the org",
    resources: [org.orn("workflow", "flows")],
    created: SEEDED,
    lastUpdated: SEEDED,
  };
}

/** What custom roles are given over. `resources` are those of its creation, which the list below starts from. */
export const resourceSets = defineResource({
  name: "resource_sets",
  kind: "IAMPolicy",
  path: "/api/v1/iam/resource-sets",
  prefix: "iam",
  scope: "okta.roles",
  // The size of a page is not documented.
  list: { wrapped: { at: "resource-sets", size: 50 } },
  hidden: ["resources"],
  create: {
    status: 200,
    required: ["label", "description", "resources"],
    event: "iam.resourceset.create",
  },
  replace: {
    status: 200,
    required: ["label", "description"],
    make: (body, _, before) => ({ ...before, label: body["label"], description: body["description"] }),
    event: "iam.resourceset.update",
  },
  remove: { status: 204, event: "iam.resourceset.delete" },
  shown: (item, { base }) => {
    const href = setPath(base, item["id"]);
    return {
      ...item,
      _links: { bindings: { href: `${href}/bindings` }, self: { href }, resources: { href: `${href}/resources` } },
    };
  },
  seed: (context) =>
    [
      { label: "Everybody", resources: ["directory", "users"] },
      { label: "Applications and groups", resources: ["idp", "apps", "directory", "groups"] },
    ]
      .map(({ label, resources }, n) => ({
        id: seedId(context, "iam", n),
        label,
        description: `The set of ${label.toLowerCase()}`,
        resources: resources.flatMap((service, at) =>
          at % 2 === 0 ? [context.org.orn(service, resources[at + 1] ?? "")] : [],
        ),
        created: SEEDED,
        lastUpdated: SEEDED,
      }))
      .concat([builtIn(context)]),
});

/** A resource by its name or its address (OpenAPI spec). */
function resourceOf(text: string, { org }: ResourceContext): JsonObject {
  const address = /\/api\/v1\/(apps|users|groups)(?:\/(\w+))?/.exec(text);
  if (!address) return { orn: text };
  const [, kind = "", id] = address;
  return { orn: org.orn(kind === "apps" ? "idp" : "directory", id ? `${kind}:${id}` : kind) };
}

/** What is in a set. */
export const resourceSetResources = defineResource({
  name: "resource_set_resources",
  kind: "Resource",
  path: "/api/v1/iam/resource-sets/{resourceSetId}/resources",
  ancestors: { resourceSetId: "resource_sets" },
  prefix: "ire",
  scope: "okta.roles",
  list: { wrapped: { at: "resources", size: 100 } },
  create: {
    status: 200,
    required: ["resourceOrnOrUrl"],
    make: (body, context) => ({
      ...resourceOf(String(body["resourceOrnOrUrl"]), context),
      ...(body["conditions"] === undefined ? {} : { conditions: body["conditions"] }),
    }),
    event: "iam.resourceset.resources.add",
  },
  append: {
    status: 200,
    each: (body) => stringsIn(body["additions"]).map((text) => ({ text })),
    make: (body, context) => resourceOf(String(body["text"]), context),
    answer: (_, context) => {
      const set = context.resources.find(resourceSets, {}, setOf(context)) ?? {};
      const { resources: _own, ...rest } = set;
      return rest;
    },
    event: "iam.resourceset.resources.add",
  },
  replace: {
    status: 200,
    make: (body, _, before) => ({ ...before, conditions: body["conditions"] }),
    event: "iam.resourceset.resources.update",
  },
  remove: { status: 204, event: "iam.resourceset.resources.delete" },
  targets: (_, context) => [setTarget(context)],
  shown: (item, { base }) => ({
    ...item,
    _links: { self: { href: `${base}/api/v1/${String(item["orn"]).split(":").slice(4).join("/")}` } },
  }),
  seed: (context) => {
    const set = context.resources.find(resourceSets, {}, setOf(context));
    return stringsIn(set?.["resources"]).map((text, n) => ({
      id: seedId(context, "ire", n),
      ...resourceOf(text, context),
      created: set?.["created"],
      lastUpdated: set?.["created"],
    }));
  },
});

/** Roles that are given over a set; the item's id is the role's. `members` are those of its creation. */
export const resourceSetBindings = defineResource({
  name: "resource_set_bindings",
  kind: "CustomRole",
  path: "/api/v1/iam/resource-sets/{resourceSetId}/bindings",
  ancestors: { resourceSetId: "resource_sets" },
  scope: "okta.roles",
  stamps: null,
  list: { wrapped: { at: "roles", size: 100 } },
  hidden: ["members", "created"],
  present: (item, { resources }) => resources.find(customRoles, {}, String(item["id"])) !== undefined,
  create: {
    status: 200,
    required: ["role", "members"],
    make: (body, { org, resources }) => {
      const role = resources.find(customRoles, {}, String(body["role"]));
      if (!role) throw oktaError("E0000007", { arg: `Resource not found: ${String(body["role"])} (CustomRole)` });
      return { id: role["id"], members: body["members"], created: instant(org.stamp()) };
    },
    answer: (item, context) => {
      const href = setPath(context.base, setOf(context));
      const bindings = `${href}/bindings`;
      return {
        _links: {
          "resource-set": { href },
          bindings: { href: bindings },
          self: { href: `${bindings}/${String(item["id"])}` },
        },
      };
    },
    event: "iam.resourceset.bindings.add",
  },
  remove: { status: 204, event: "iam.resourceset.bindings.delete" },
  targets: (item, context) => [
    setTarget(context),
    ...stringsIn(item["members"]).flatMap((href) => memberTarget({ member: href }) ?? []),
  ],
  shown: (item, context) => {
    const href = `${setPath(context.base, setOf(context))}/bindings/${String(item["id"])}`;
    return { ...item, _links: { self: { href }, members: { href: `${href}/members` } } };
  },
  seed: (context) => {
    // The first of the seeded roles over the first of the seeded sets.
    if (setOf(context) !== context.org.ids.encode("iam", 0)) return [];
    const members = [3, 4].map((u) => `/api/v1/users/${context.org.users.id(u)}`);
    return [{ id: context.org.ids.encode("cr0", 0), members, created: SEEDED }];
  },
});

function memberTarget(item: JsonObject): Target | undefined {
  const [, kind, id = ""] = /\/(users|groups|clients|apps)\/(\w+)$/.exec(String(item["member"])) ?? [];
  if (kind === undefined) return undefined;
  return { id, type: kind === "users" ? "User" : kind === "groups" ? "UserGroup" : "AppInstance" };
}

/** Id of the user, group or client that a member is. */
export function memberIdOf(item: JsonObject): string {
  return memberTarget(item)?.id ?? "";
}

function memberStands(item: JsonObject, { org }: ResourceContext): boolean {
  const target = memberTarget(item);
  if (target?.type === "User") return org.users.exists(org.users.find(target.id));
  if (target?.type === "UserGroup") return org.groups.find(target.id) !== undefined;
  return target !== undefined;
}

/** Who holds a role over a set. `member` is the end of the address; the answer has nothing but the link. */
export const resourceSetBindingMembers = defineResource({
  name: "resource_set_binding_members",
  kind: "RoleAssignment",
  path: "/api/v1/iam/resource-sets/{resourceSetId}/bindings/{roleIdOrLabel}/members",
  ancestors: { resourceSetId: "resource_sets", roleIdOrLabel: "resource_set_bindings" },
  prefix: "irb",
  scope: "okta.roles",
  list: { wrapped: { at: "members", size: 100 } },
  hidden: ["member"],
  present: memberStands,
  append: {
    status: 200,
    each: (body) => stringsIn(body["additions"]).map((member) => ({ member })),
    make: (body, context) => {
      const { pathname } = URL.canParse(String(body["member"]))
        ? new URL(String(body["member"]))
        : { pathname: String(body["member"]) };
      const item = { member: pathname };
      if (!memberStands(item, context)) throw oktaError("E0000007", { arg: `Resource not found: ${pathname}` });
      return item;
    },
    answer: (_, context) => {
      const href = setPath(context.base, setOf(context));
      const binding = `${href}/bindings/${context.ancestors["roleIdOrLabel"] ?? ""}`;
      return { _links: { "resource-set": { href }, bindings: { href: `${href}/bindings` }, self: { href: binding } } };
    },
    event: "iam.resourceset.bindings.add",
  },
  remove: { status: 204, event: "iam.resourceset.bindings.delete" },
  targets: (item, context) => [setTarget(context), ...[memberTarget(item)].filter((one) => one !== undefined)],
  shown: (item, { base }) => ({ ...item, _links: { self: { href: `${base}${String(item["member"])}` } } }),
  seed: (context) => {
    const role = context.ancestors["roleIdOrLabel"] ?? "";
    const binding = context.resources.find(resourceSetBindings, { resourceSetId: setOf(context) }, role);
    return stringsIn(binding?.["members"]).map((href, n) => ({
      id: seedId(context, "irb", n),
      member: URL.canParse(href) ? new URL(href).pathname : href,
      created: binding?.["created"],
      lastUpdated: binding?.["created"],
    }));
  },
});
