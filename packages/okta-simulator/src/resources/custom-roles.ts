import { oktaError } from "../errors.js";
import { type JsonObject, stringsIn } from "../json.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";

const SEEDED = "2024-05-06T07:08:09.000Z";

function rolePath(base: string, id: unknown): string {
  return `${base}/api/v1/iam/roles/${String(id)}`;
}

function checkLabel(body: JsonObject, { resources }: ResourceContext, before?: JsonObject): void {
  const label = body["label"];
  const taken = resources.list(customRoles, {}).some((one) => one["label"] === label && one["id"] !== before?.["id"]);
  if (taken) throw oktaError("E0000001", { arg: "label", causes: ["label: An object with this field already exists"] });
}

/** Admin roles of the org's own making. `permissions` are those of its creation, which the list below starts from. */
export const customRoles = defineResource({
  name: "custom_roles",
  kind: "CustomRole",
  path: "/api/v1/iam/roles",
  prefix: "cr0",
  scope: "okta.roles",
  alsoCalled: (item) => [String(item["label"])],
  // The size of a page is not documented.
  list: { wrapped: { at: "roles", size: 50 } },
  hidden: ["permissions"],
  create: {
    status: 200,
    required: ["label", "description", "permissions"],
    check: checkLabel,
    make: (body) => ({
      label: body["label"],
      description: body["description"],
      isCloneable: false,
      permissions: body["permissions"],
    }),
    event: "iam.role.create",
  },
  replace: {
    status: 200,
    required: ["label", "description"],
    check: checkLabel,
    make: (body, _, before) => ({ ...before, label: body["label"], description: body["description"] }),
    event: "iam.role.update",
  },
  remove: { status: 204, event: "iam.role.delete" },
  shown: (item, { base }) => {
    const href = rolePath(base, item["id"]);
    return { ...item, _links: { permissions: { href: `${href}/permissions` }, self: { href } } };
  },
  seed: (context) =>
    [
      { label: "Tier-one support", permissions: ["okta.users.read", "okta.users.credentials.resetPassword"] },
      { label: "Application stewards", permissions: ["okta.apps.read", "okta.apps.assignment.manage"] },
    ].map(({ label, permissions }, n) => ({
      id: seedId(context, "cr0", n),
      label,
      description: `What ${label.toLowerCase()} may do`,
      isCloneable: false,
      permissions,
      created: SEEDED,
      lastUpdated: SEEDED,
    })),
});

/** What a role permits, one by one. `conditions` are null where there are none (recorded traffic). */
export const customRolePermissions = defineResource({
  name: "custom_role_permissions",
  kind: "Permission",
  path: "/api/v1/iam/roles/{roleIdOrLabel}/permissions",
  ancestors: { roleIdOrLabel: "custom_roles" },
  scope: "okta.roles",
  idOf: (item) => String(item["label"]),
  list: { wrapped: { at: "permissions" } },
  put: {
    method: "POST",
    status: 204,
    make: (body) => ({ label: body["id"], conditions: body["conditions"] ?? null }),
    event: "iam.role.permissions.add",
  },
  replace: {
    status: 200,
    make: (body, _, before) => ({ ...before, conditions: body["conditions"] ?? null }),
    event: "iam.role.permission.conditions.add",
  },
  remove: { status: 204, event: "iam.role.permissions.delete" },
  // What these events name is not documented.
  targets: (_, { resources, ancestors }) => {
    const id = ancestors["roleIdOrLabel"] ?? "";
    const role = resources.find(customRoles, {}, id);
    return [{ id, type: "CustomRole", displayName: String(role?.["label"] ?? "unknown") }];
  },
  shown: (item, { base, ancestors }) => {
    const href = rolePath(base, ancestors["roleIdOrLabel"]);
    return {
      ...item,
      _links: { role: { href }, self: { href: `${href}/permissions/${String(item["label"])}` } },
    };
  },
  seed: ({ resources, ancestors }) => {
    const role = resources.find(customRoles, {}, ancestors["roleIdOrLabel"] ?? "");
    return stringsIn(role?.["permissions"]).map((label) => ({
      label,
      conditions: null,
      created: role?.["created"],
      lastUpdated: role?.["created"],
    }));
  },
});
