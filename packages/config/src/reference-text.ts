import { z } from "zod";

import { CONNECTION_OPTIONS, objectOptions, pipelineOptions } from "./options.js";
import { unwrap } from "./validate.js";

/** The configuration reference as Markdown tables, made from the option table; README holds it. */
export function configReference(): string {
  const sections = [
    ...Object.entries(CONNECTION_OPTIONS).map(([type, schema]) => section(`connections.NAME, type: ${type}`, schema)),
    section("pipelines.NAME", pipelineOptions),
    section("pipelines.NAME.objects.OBJECT", objectOptions),
  ];
  return sections.join("\n\n");
}

function section(title: string, schema: z.ZodObject): string {
  const rows = rowsOf(schema, "").map(({ key, meaning }) => `| \`${key}\` | ${meaning.replaceAll("|", "\\|")} |`);
  return [`**${title}**`, "", "| key | meaning |", "| --- | --- |", ...rows].join("\n");
}

function rowsOf(schema: z.ZodObject, prefix: string): { readonly key: string; readonly meaning: string }[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, option]) => {
    const key = `${prefix}${name}`;
    const inner = unwrap(option);
    if (inner instanceof z.ZodObject) return rowsOf(inner, `${key}.`);
    const required =
      option instanceof z.ZodOptional || inner instanceof z.ZodUnknown || inner instanceof z.ZodLiteral
        ? ""
        : "Required. ";
    return inner instanceof z.ZodLiteral ? [] : [{ key, meaning: `${required}${option.description ?? ""}` }];
  });
}
