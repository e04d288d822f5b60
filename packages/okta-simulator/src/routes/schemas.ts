import { oktaError } from "../errors.js";
import { bodyOf, type Context, NO_CONTENT, ok, type Reply } from "../http.js";
import { type JsonObject, stringAt } from "../json.js";
import { appSchemaJson } from "../org/apps.js";
import type { Org } from "../org/org.js";
import {
  createUserType,
  deleteUserType,
  updateAppSchema,
  updateGroupSchema,
  updateUserSchema,
  updateUserType,
} from "../org/schema-changes.js";
import { GROUP_BASE, schemaJson, userSchemaJson, type UserType, userTypeJson } from "../org/schemas.js";
import type { Router } from "../router.js";
import { appOf } from "./apps.js";

function typeOf(context: Context): UserType {
  const id = context.params["typeId"] ?? "";
  const type = context.org.types.find((one) => (id === "default" ? one.isDefault : one.id === id));
  if (!type) throw oktaError("E0000007", { arg: `Resource not found: ${id} (CVDType)` });
  return type;
}

function typeOfSchema(context: Context): UserType {
  const id = context.params["schemaId"] ?? "";
  const type = context.org.types.find((one) => (id === "default" ? one.isDefault : one.schemaId === id));
  if (!type) throw oktaError("E0000007", { arg: `Resource not found: ${id} (UserSchema)` });
  return type;
}

function groupSchemaJson(org: Org, base: string): JsonObject {
  return schemaJson({
    id: `${base}/meta/schemas/group/default`,
    name: "group",
    title: "Okta group",
    description: "Okta group profile template",
    created: org.newest,
    lastUpdated: org.groupSchema.updated,
    base: GROUP_BASE,
    custom: org.groupSchema.custom,
    links: { self: { rel: "self", href: `${base}/api/v1/meta/schemas/group/default`, method: "GET" } },
  });
}

function changeType(needsName: boolean) {
  return (context: Context): Reply => {
    const body = bodyOf(context);
    if (needsName && stringAt(body, "name") === undefined)
      throw oktaError("E0000001", { arg: "name", causes: ["name: The field cannot be left blank"] });
    return ok(userTypeJson(updateUserType(context.org, typeOf(context), body), context.base));
  };
}

/** User types and the schemas of users, groups and application users. */
export function schemaRoutes(router: Router): void {
  const types = "/api/v1/meta/types/user";
  const userSchema = "/api/v1/meta/schemas/user/{schemaId}";
  const groupSchema = "/api/v1/meta/schemas/group/default";
  const appSchema = "/api/v1/meta/schemas/apps/{appId}/default";
  // No Link header here (recorded traffic).
  router.add("GET", types, (context) => ok(context.org.types.map((type) => userTypeJson(type, context.base))));
  router.add("POST", types, (context) => ok(userTypeJson(createUserType(context.org, bodyOf(context)), context.base)));
  router.add("GET", `${types}/{typeId}`, (context) => ok(userTypeJson(typeOf(context), context.base)));
  router.add("POST", `${types}/{typeId}`, changeType(false));
  router.add("PUT", `${types}/{typeId}`, changeType(true));
  router.add("DELETE", `${types}/{typeId}`, (context) => {
    deleteUserType(context.org, typeOf(context));
    return NO_CONTENT;
  });
  router.add("GET", userSchema, (context) => ok(userSchemaJson(typeOfSchema(context), context.base)));
  router.add("POST", userSchema, (context) =>
    ok(userSchemaJson(updateUserSchema(context.org, typeOfSchema(context), bodyOf(context)), context.base)),
  );
  router.add("GET", groupSchema, (context) => ok(groupSchemaJson(context.org, context.base)));
  router.add("POST", groupSchema, (context) => {
    updateGroupSchema(context.org, bodyOf(context));
    return ok(groupSchemaJson(context.org, context.base));
  });
  router.add("GET", appSchema, (context) => ok(appSchemaJson(appOf(context), context.base)));
  router.add("POST", appSchema, (context) =>
    ok(appSchemaJson(updateAppSchema(context.org, appOf(context), bodyOf(context)), context.base)),
  );
}
