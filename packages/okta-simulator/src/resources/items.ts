import { oktaError } from "../errors.js";
import { isObject, type JsonObject, valueAt } from "../json.js";
import type { ResourceContext, ResourceDefinition, ResourceWrite } from "./definition.js";

/** The item as an answer shows it. */
export function shown(definition: ResourceDefinition, item: JsonObject, context: ResourceContext): JsonObject {
  const full = definition.shown ? definition.shown(item, context) : item;
  return (definition.hidden ?? []).reduce((json, path) => without(json, path.split(".")), full);
}

/** Throws E0000001 where the body lacks what the write demands. */
export function checkRequired(write: ResourceWrite, body: JsonObject): void {
  const missing = (write.required ?? []).filter(
    (path) => valueAt(body, path) === undefined || valueAt(body, path) === null,
  );
  const [first] = missing;
  if (first === undefined) return;
  throw oktaError("E0000001", { arg: first, causes: missing.map((path) => `${path}: The field cannot be left blank`) });
}

/** What a full replace cannot take away. */
export function kept({ stamps }: ResourceDefinition, item: JsonObject): JsonObject {
  const names = [
    stamps?.created ?? "created",
    "id",
    "type",
    "status",
    "system",
    "createdBy",
    "lastUpdated",
    "lastUpdatedBy",
    "default",
    "isDefault",
    "priority",
    "verificationStatus",
  ];
  return Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
}

function without(json: JsonObject, [step = "", ...rest]: readonly string[]): JsonObject {
  const inner = json[step];
  if (inner === undefined) return json;
  if (rest.length === 0) return Object.fromEntries(Object.entries(json).filter(([name]) => name !== step));
  return isObject(inner) ? { ...json, [step]: without(inner, rest) } : json;
}
