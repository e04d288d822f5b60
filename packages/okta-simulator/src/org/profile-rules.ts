import { oktaError } from "../errors.js";
import type { Json, JsonObject } from "../json.js";
import type { Attributes } from "./schemas.js";

/** What a profile must satisfy, and how an error about it is headed (`Api validation failed: newUser`). */
export interface ProfileRules {
  readonly attributes: Attributes;
  readonly subject: string;
}

function invalid(subject: string, causes: readonly string[]): never {
  throw oktaError("E0000001", { arg: subject, causes });
}

/** Checks names, required values, types, lengths and enumerations; null stands for an absent value. */
export function checkProfile(profile: JsonObject, rules: ProfileRules): void {
  const causes: string[] = [];
  for (const [name, value] of Object.entries(profile)) {
    const schema = rules.attributes.get(name);
    // The wording is Okta's own (recorded traffic).
    if (!schema) invalid(rules.subject, [`Property name '${name}' is not defined in profile`]);
    if (value !== null && value !== undefined) causes.push(...faultsOf(name, value, schema));
  }
  for (const [name, schema] of rules.attributes) {
    const value = profile[name];
    if (schema["required"] === true && (value === undefined || value === null || value === ""))
      causes.push(`${name}: The field cannot be left blank`);
  }
  const first = causes[0];
  if (first) invalid(first.split(":")[0] ?? rules.subject, causes);
}

function faultsOf(name: string, value: Json, schema: JsonObject): string[] {
  const type = schema["type"];
  const right =
    type === "array"
      ? Array.isArray(value)
      : type === "integer"
        ? Number.isInteger(value)
        : type === "number"
          ? typeof value === "number"
          : type === "boolean"
            ? typeof value === "boolean"
            : type === "object"
              ? typeof value === "object"
              : typeof value === "string";
  if (!right) return [`${name}: The value is not of type ${String(type)}`];
  const faults: string[] = [];
  if (typeof value === "string") {
    const [min, max] = [schema["minLength"], schema["maxLength"]];
    if (typeof max === "number" && value.length > max)
      faults.push(`${name}: String is too long (${value.length} chars), maximum allowed is ${max}`);
    if (typeof min === "number" && value.length > 0 && value.length < min)
      faults.push(`${name}: String is too short (${value.length} chars), minimum allowed is ${min}`);
    if ((schema["format"] === "email" || name === "login") && !/^[^\s@]+@[^\s@]+$/.test(value))
      faults.push(`${name}: Does not match required pattern`);
  }
  const allowed = schema["enum"];
  if (Array.isArray(allowed) && !allowed.includes(value))
    faults.push(`${name}: Does not match any of the allowed values`);
  return faults;
}

/** A user's profile as Okta keeps it: without nulls, except the two attributes that it always shows (recorded traffic). */
export function storedProfile(profile: JsonObject): JsonObject {
  const set = Object.entries(profile).filter(([, value]) => value !== null && value !== undefined);
  return { mobilePhone: null, secondEmail: null, ...Object.fromEntries(set) };
}

/** Names of the attributes whose values differ. */
export function changedAttributes(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null));
}
