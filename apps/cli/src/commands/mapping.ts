import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import { type ColumnRegistry, objectNamed, pathKey, resolveTable } from "@tidemark/catalog";
import type { Config, Pipeline } from "@tidemark/config";
import { messageOf } from "@tidemark/kernel";

import type { Invocation } from "../command.js";
import { EXIT } from "../failure.js";
import { type Io, print } from "../io.js";
import { pipelineNamed, readConfig } from "../pipelines.js";
import { formatTable } from "../text.js";
import { openDestination } from "../warehouse.js";

const TITLES = ["object", "attribute", "table", "column", "type"];

/** `tidemark mapping`: where every attribute goes. Custom attributes are known once the pipeline has run. */
export async function run(io: Io, invocation: Invocation): Promise<number> {
  const config = await readConfig(io, invocation);
  const pipeline = pipelineNamed(config, invocation.args[0]);
  const rows = mappingOf(pipeline, await storedColumns(io, config, pipeline));
  const file = invocation.options["csv"];
  if (typeof file === "string") {
    const lines = [TITLES, ...rows].map((row) => row.map(csvField).join(","));
    await writeFile(resolve(io.cwd, file), lines.map((line) => `${line}\r\n`).join(""));
    print(io.stderr, `${rows.length} attributes written to ${file}`);
    return EXIT.done;
  }
  print(
    io.stdout,
    ...formatTable(
      TITLES.map((title) => ({ title: title.toUpperCase() })),
      rows,
    ),
  );
  return EXIT.done;
}

function mappingOf(pipeline: Pipeline, registry: ColumnRegistry): string[][] {
  return pipeline.objects.flatMap(({ object, columns }) => {
    const definition = objectNamed(object);
    if (definition === undefined) return [];
    return resolveTable(definition, { registry, columns }).flatMap((table) =>
      table.columns.map((column) => [object, column.path.join("."), table.name, column.name, column.type]),
    );
  });
}

/** Columns that the warehouse has; none, with a note, while it cannot be asked. */
async function storedColumns(io: Io, config: Config, pipeline: Pipeline): Promise<ColumnRegistry> {
  try {
    const warehouse = await openDestination(config, pipeline);
    try {
      const tables = await warehouse.readRegistry();
      if (tables.length === 0)
        print(io.stderr, "note: the pipeline has not run yet; custom attributes are missing here.");
      return Object.fromEntries(
        tables.map(({ name, columns }) => [
          name,
          Object.fromEntries(columns.map((column) => [pathKey(column.path), { name: column.name, type: column.type }])),
        ]),
      );
    } finally {
      await warehouse.close();
    }
  } catch (error) {
    print(io.stderr, `note: the database cannot be asked (${messageOf(error)}); custom attributes are missing here.`);
    return {};
  }
}

/** RFC 4180. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
