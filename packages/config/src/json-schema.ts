import { OBJECTS, PRESET_NAMES } from "@tidemark/catalog";
import { z } from "zod";

import { CONNECTION_NAME_RULE } from "./names.js";
import { CONNECTION_OPTIONS, objectOptions, pipelineOptions } from "./options.js";

type Json = Record<string, unknown>;

const REFERENCE = { type: "string", pattern: "\\$\\{(env|file|cmd|secret):[^}]+\\}" };

/** The JSON Schema of tidemark.yaml (draft 2020-12), for editors. */
export function configJsonSchema(): Json {
  const connections = Object.values(CONNECTION_OPTIONS).map((schema) => withReferences(plain(schema)));
  const pipeline = withReferences(plain(pipelineOptions));
  const properties = pipeline["properties"] as Json;
  properties["objects"] = { ...objectsSchema(), description: (properties["objects"] as Json)["description"] };
  properties["history"] = { ...(properties["history"] as Json), items: { enum: OBJECTS.map(({ name }) => name) } };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "tidemark.yaml",
    type: "object",
    additionalProperties: false,
    required: ["connections"],
    properties: {
      connections: {
        type: "object",
        description: `Okta orgs, databases and folders by name. ${CONNECTION_NAME_RULE}.`,
        propertyNames: { pattern: '^[^0-9<>:"/\\\\|?*_][^<>:"/\\\\|?*_]*$' },
        additionalProperties: {
          type: "object",
          required: ["type"],
          properties: { type: { enum: Object.keys(CONNECTION_OPTIONS), description: "What is at the other end." } },
          oneOf: connections,
        },
      },
      pipelines: {
        type: "object",
        description: "What goes from where to where, by name.",
        additionalProperties: pipeline,
      },
    },
  };
}

function plain(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
  return rest;
}

function objectsSchema(): Json {
  const choice = {
    anyOf: [
      { enum: PRESET_NAMES, description: "A preset" },
      ...OBJECTS.map(({ name, summary }) => ({ const: name, description: summary })),
    ],
  };
  const options = withReferences(plain(objectOptions));
  const named = Object.fromEntries(
    OBJECTS.map(({ name, summary }) => [name, { anyOf: [options, { type: "null" }], description: summary }]),
  );
  const presets = Object.fromEntries(
    PRESET_NAMES.map((name) => [name, { type: ["object", "null"], maxProperties: 0 }]),
  );
  return {
    anyOf: [
      choice,
      { type: "array", items: choice },
      { type: "object", properties: { ...presets, ...named }, additionalProperties: false },
    ],
  };
}

/** Lets a reference stand wherever a plain text would not pass: numbers, booleans, choices, patterns, lists. */
function withReferences(schema: Json): Json {
  const { description, ...rest } = schema;
  const below = mapValues(rest, (value, key) => {
    if (key === "properties") return mapValues(value as Json, (child) => withReferences(child as Json));
    if (key === "additionalProperties" && typeof value === "object") return withReferences(value as Json);
    return value;
  });
  const about = description === undefined ? {} : { description };
  const free = rest["type"] === "object" || rest["const"] !== undefined || Object.keys(rest).length === 0;
  const anyText = rest["type"] === "string" && rest["pattern"] === undefined && rest["enum"] === undefined;
  return free || anyText ? { ...below, ...about } : { anyOf: [below, REFERENCE], ...about };
}

function mapValues(record: Json, map: (value: unknown, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
