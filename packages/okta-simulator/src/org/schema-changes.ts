import { oktaError } from "../errors.js";
import { isObject, type JsonObject, objectAt, stringAt } from "../json.js";
import type { App } from "./apps.js";
import type { Target } from "./log-events.js";
import type { Org } from "./org.js";
import { type Attributes, USER_BASE, type UserType } from "./schemas.js";
import { appTarget } from "./targets.js";

/** What a partial schema update did, as the log tells it. */
interface Difference {
  readonly attributes: Attributes;
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly deleted: readonly string[];
}

const TYPES = new Set(["string", "boolean", "number", "integer", "array", "object"]);

/** Merges `definitions.custom.properties` of a request into the custom attributes; null removes one (OpenAPI spec). */
function merge(before: Attributes, body: JsonObject, reserved: Attributes): Difference {
  const given = objectAt(objectAt(objectAt(body, "definitions"), "custom"), "properties");
  const attributes = new Map(before);
  const [added, modified, deleted]: [string[], string[], string[]] = [[], [], []];
  for (const [name, value] of Object.entries(given)) {
    if (value === null) {
      if (attributes.delete(name)) deleted.push(name);
      continue;
    }
    if (!isObject(value)) continue;
    const present = attributes.get(name);
    const type = stringAt(value, "type") ?? stringAt(present, "type");
    if (reserved.has(name) || !/^[A-Za-z_][\w-]*$/.test(name) || !type || !TYPES.has(type)) {
      throw oktaError("E0000001", { arg: "updateUserSchemas", causes: [`${name}: The attribute is not valid`] });
    }
    if (present && present["type"] !== type)
      throw oktaError("E0000001", {
        arg: "updateUserSchemas",
        causes: [`${name}: The type of an attribute cannot be changed`],
      });
    const defaults: JsonObject = {
      title: name,
      type,
      mutability: "READ_WRITE",
      scope: "NONE",
      permissions: [{ principal: "SELF", action: "READ_ONLY" }],
      master: { type: "PROFILE_MASTER" },
    };
    attributes.set(name, clean({ ...defaults, ...present, ...value }));
    (present ? modified : added).push(name);
  }
  return { attributes, added, modified, deleted };
}

/** `required: false` and nulls are not shown (recorded traffic). */
function clean(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).filter(([name, value]) => value !== null && !(name === "required" && value === false)),
  );
}

function log(org: Org, type: string, change: { target: Target; difference: Difference }): void {
  const { added, modified, deleted } = change.difference;
  org.happened({
    type,
    targets: [change.target],
    debugData: {
      attributesAdded: added.join(","),
      attributesModified: modified.join(","),
      attributesDeleted: deleted.join(","),
    },
  });
}

function typeTarget(type: UserType): Target {
  // The catalogue does not name the target of schema events; type and id of the user type are this org's guess.
  return { id: type.id, type: "UserType", alternateId: type.name, displayName: type.displayName };
}

function put(org: Org, type: UserType): UserType {
  const k = org.types.findIndex((one) => one.id === type.id);
  org.types[k < 0 ? org.types.length : k] = type;
  return type;
}

/** POST /meta/schemas/user/{id}: partial. A removed attribute's values vanish from every user. */
export function updateUserSchema(org: Org, type: UserType, body: JsonObject): UserType {
  const difference = merge(type.custom, body, USER_BASE);
  const base = new Map(type.base);
  for (const [name, value] of Object.entries(objectAt(objectAt(objectAt(body, "definitions"), "base"), "properties"))) {
    const before = base.get(name) ?? USER_BASE.get(name);
    if (before && isObject(value)) base.set(name, clean({ ...before, ...value }));
  }
  const gone = new Set(difference.deleted);
  const updated = put(org, {
    ...type,
    base,
    custom: difference.attributes,
    generated: type.generated.filter((attribute) => !gone.has(attribute.name)),
    schemaUpdated: org.stamp(),
  });
  if (gone.size > 0)
    for (const u of org.users.indexes(-1, true)) {
      const user = org.users.get(u);
      if (user?.typeId === type.id)
        org.users.set(
          u,
          { ...user, profile: Object.fromEntries(Object.entries(user.profile).filter(([name]) => !gone.has(name))) },
          org.now(),
        );
    }
  log(org, "directory.user_profile.update", { target: typeTarget(updated), difference });
  return updated;
}

/** POST /meta/schemas/group/default: partial. The event catalogue has none for it, so nothing is logged. */
export function updateGroupSchema(org: Org, body: JsonObject): void {
  const difference = merge(org.groupSchema.custom, body, new Map());
  org.groupSchema = { custom: difference.attributes, updated: org.stamp() };
  const gone = new Set(difference.deleted);
  if (gone.size > 0)
    for (const group of org.groups.all()) {
      const profile = Object.fromEntries(Object.entries(group.profile).filter(([name]) => !gone.has(name)));
      if (Object.keys(profile).length < Object.keys(group.profile).length)
        org.groups.set(group.index, { ...group, profile }, org.now());
    }
  org.revision++;
}

/** POST /meta/schemas/apps/{id}/default: partial. */
export function updateAppSchema(org: Org, app: App, body: JsonObject): App {
  const difference = merge(app.custom, body, new Map());
  const updated = { ...app, custom: difference.attributes, schemaUpdated: org.stamp() };
  org.apps.set(app.index, updated, org.now());
  log(org, "directory.app_user_profile.update", { target: appTarget(app), difference });
  return updated;
}

/** POST /meta/types/user: at most ten types (Okta docs). */
export function createUserType(org: Org, body: JsonObject): UserType {
  const name = stringAt(body, "name") ?? "";
  const displayName = stringAt(body, "displayName") ?? "";
  if (!/^[A-Za-z]\w*$/.test(name) || displayName === "")
    throw oktaError("E0000001", {
      arg: "name",
      causes: ["name: The field must start with a letter and hold letters, digits and underscores"],
    });
  if (org.types.some((type) => type.name === name))
    throw oktaError("E0000001", {
      arg: "name",
      causes: ["name: An object with this field already exists in the current organization"],
    });
  if (org.types.length >= 10)
    throw oktaError("E0000001", { arg: "userType", causes: ["The maximum number of user types has been reached"] });
  const now = org.stamp();
  const index = org.newTypeIndex();
  const type: UserType = {
    id: org.ids.encode("oty", index),
    schemaId: org.ids.encode("osc", index),
    name,
    displayName,
    description: stringAt(body, "description") ?? "",
    isDefault: false,
    created: now,
    lastUpdated: now,
    createdBy: org.actor.id,
    lastUpdatedBy: org.actor.id,
    schemaUpdated: now,
    custom: new Map(),
    base: new Map(),
    generated: [],
  };
  put(org, type);
  org.happened({ type: "directory.non_default_user_profile.create", targets: [typeTarget(type)] });
  return type;
}

/** POST (partial) or PUT (name repeated unchanged) on /meta/types/user/{id}. */
export function updateUserType(org: Org, type: UserType, body: JsonObject): UserType {
  const name = stringAt(body, "name");
  if (name !== undefined && name !== type.name)
    throw oktaError("E0000001", { arg: "name", causes: ["name: The name cannot be changed"] });
  const updated = put(org, {
    ...type,
    displayName: stringAt(body, "displayName") ?? type.displayName,
    description: stringAt(body, "description") ?? type.description,
    lastUpdated: org.stamp(),
    lastUpdatedBy: org.actor.id,
  });
  org.happened({ type: "directory.user_profile.update", targets: [typeTarget(updated)] });
  return updated;
}

/** DELETE /meta/types/user/{id}: not the default, not while users have it. The catalogue has no event for it. */
export function deleteUserType(org: Org, type: UserType): void {
  const used =
    !type.isDefault &&
    [...org.users.indexes(-1, !org.generatedType(type.id))].some((u) => org.users.get(u)?.typeId === type.id);
  if (type.isDefault || used) throw oktaError("E0000142");
  org.types.splice(org.types.indexOf(type), 1);
  org.revision++;
}
