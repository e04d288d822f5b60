import { OBJECTS } from "@tidemark/catalog";
import { expect, test } from "vitest";

import { configJsonSchema, configReference } from "./index.js";
import { CONNECTION_OPTIONS, pipelineOptions } from "./options.js";

test("the JSON Schema knows every connection type, every option and every object", () => {
  const text = JSON.stringify(configJsonSchema());
  for (const [type, schema] of Object.entries(CONNECTION_OPTIONS)) {
    expect(text).toContain(`"const":"${type}"`);
    for (const key of Object.keys(schema.shape)) expect(text).toContain(`"${key}":`);
  }
  for (const key of Object.keys(pipelineOptions.shape)) expect(text).toContain(`"${key}":`);
  for (const { name } of OBJECTS) expect(text).toContain(`"${name}":`);
});

test("a reference may stand where a number, a boolean or a choice is asked for", () => {
  const schema = configJsonSchema() as {
    properties: { pipelines: { additionalProperties: { properties: Record<string, unknown> } } };
  };
  expect(JSON.stringify(schema.properties.pipelines.additionalProperties.properties["deletes"])).toContain(
    "env|file|cmd|secret",
  );
});

test("every option is explained in the reference", () => {
  expect(configReference()).not.toMatch(/\| (Required\. )?\|$/m);
  expect(configReference()).toContain("| `rateLimit.share` | Part of Okta's limit");
});
