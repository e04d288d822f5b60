import type { GeneratedAttribute } from "../generate/attributes.js";
import { instant, type JsonObject } from "../json.js";

/** A schema's custom part, by attribute name, in the order the attributes were made. */
export type Attributes = ReadonlyMap<string, JsonObject>;

/** A user type and its schema. */
export interface UserType {
  readonly id: string;
  readonly schemaId: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly created: number;
  readonly lastUpdated: number;
  readonly createdBy: string;
  readonly lastUpdatedBy: string;
  readonly schemaUpdated: number;
  readonly custom: Attributes;
  /** Changes to base attributes (title, permissions …). */
  readonly base: Attributes;
  /** Of the custom attributes, those that generated users carry. */
  readonly generated: readonly GeneratedAttribute[];
}

const text = (title: string, more: JsonObject = {}, action = "READ_ONLY"): JsonObject => ({
  title,
  type: "string",
  ...more,
  mutability: "READ_WRITE",
  scope: "NONE",
  permissions: [{ principal: "SELF", action }],
  master: { type: "PROFILE_MASTER" },
});

/** The 31 base attributes of every user schema, in Okta's order (recorded traffic). */
export const USER_BASE: Attributes = new Map([
  ["login", text("Username", { required: true, minLength: 5, maxLength: 100 }, "READ_WRITE")],
  ["firstName", text("First name", { required: true, minLength: 1, maxLength: 50 }, "READ_WRITE")],
  ["lastName", text("Last name", { required: true, minLength: 1, maxLength: 50 }, "READ_WRITE")],
  ["middleName", text("Middle name")],
  ["honorificPrefix", text("Honorific prefix")],
  ["honorificSuffix", text("Honorific suffix")],
  ["email", text("Primary email", { required: true, format: "email" }, "READ_WRITE")],
  ["title", text("Title")],
  ["displayName", text("Display name")],
  ["nickName", text("Nickname")],
  ["profileUrl", text("Profile Url", { format: "uri" })],
  ["secondEmail", text("Secondary email", { format: "email" }, "READ_WRITE")],
  ["mobilePhone", text("Mobile phone", { maxLength: 100 }, "READ_WRITE")],
  ["primaryPhone", text("Primary phone", { maxLength: 100 }, "HIDE")],
  ["streetAddress", text("Street address", {}, "HIDE")],
  ["city", text("City", {}, "HIDE")],
  ["state", text("State", {}, "HIDE")],
  ["zipCode", text("Zip code", {}, "HIDE")],
  ["countryCode", text("Country code", { format: "country-code" }, "HIDE")],
  ["postalAddress", text("Postal Address", {}, "HIDE")],
  ["preferredLanguage", text("Preferred language", { format: "language-code" })],
  ["locale", text("Locale", { format: "locale" })],
  ["timezone", text("Time zone", { format: "timezone" })],
  ["userType", text("User type")],
  ["employeeNumber", text("Employee number")],
  ["costCenter", text("Cost center")],
  ["organization", text("Organization")],
  ["division", text("Division")],
  ["department", text("Department")],
  ["managerId", text("ManagerId")],
  ["manager", text("Manager")],
]);

/** The two base attributes of the group schema (recorded traffic). */
export const GROUP_BASE: Attributes = new Map([
  ["name", text("Name", { description: "Name", required: true, maxLength: 255 }, "READ_WRITE")],
  ["description", text("Description", { description: "Description", maxLength: 1024 }, "READ_WRITE")],
]);

/** What {@link schemaJson} writes out. */
export interface SchemaForm {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly created: number;
  readonly lastUpdated: number;
  readonly base: Attributes;
  readonly custom: Attributes;
  readonly links?: JsonObject;
}

/** A schema as the Schemas API shows it; users, groups and application users share the form (recorded traffic). */
export function schemaJson(form: SchemaForm): JsonObject {
  const part = (id: string, attributes: Attributes): JsonObject => ({
    id,
    type: "object",
    properties: Object.fromEntries(attributes),
    required: [...attributes].filter(([, schema]) => schema["required"] === true).map(([name]) => name),
  });
  return {
    id: form.id,
    $schema: "http://json-schema.org/draft-04/schema#",
    name: form.name,
    title: form.title,
    ...(form.description === undefined ? {} : { description: form.description }),
    lastUpdated: instant(form.lastUpdated),
    created: instant(form.created),
    definitions: { custom: part("#custom", form.custom), base: part("#base", form.base) },
    type: "object",
    properties: { profile: { allOf: [{ $ref: "#/definitions/custom" }, { $ref: "#/definitions/base" }] } },
    ...(form.links ? { _links: form.links } : {}),
  };
}

export function userSchemaJson(type: UserType, base: string): JsonObject {
  const link = (rel: string, path: string): JsonObject => ({ rel, href: `${base}/api/v1/meta/${path}`, method: "GET" });
  return schemaJson({
    id: `${base}/meta/schemas/user/${type.isDefault ? "default" : type.schemaId}`,
    name: type.name,
    title: type.displayName,
    description: type.description,
    created: type.created,
    lastUpdated: type.schemaUpdated,
    base: new Map([...USER_BASE].map(([name, schema]) => [name, type.base.get(name) ?? schema])),
    custom: type.custom,
    links: { self: link("self", `schemas/user/${type.schemaId}`), type: link("type", `types/user/${type.id}`) },
  });
}

export function userTypeJson(type: UserType, base: string): JsonObject {
  const link = (rel: string, path: string): JsonObject => ({ rel, href: `${base}/api/v1/meta/${path}`, method: "GET" });
  return {
    id: type.id,
    displayName: type.displayName,
    name: type.name,
    description: type.description,
    createdBy: type.createdBy,
    lastUpdatedBy: type.lastUpdatedBy,
    created: instant(type.created),
    lastUpdated: instant(type.lastUpdated),
    default: type.isDefault,
    _links: { schema: link("schema", `schemas/user/${type.schemaId}`), self: link("self", `types/user/${type.id}`) },
  };
}
