import type { Invocation } from "../command.js";
import { EXIT } from "../failure.js";
import { type Io, print, printJson } from "../io.js";
import { pipelineNamed, readConfig } from "../pipelines.js";
import { openDestination } from "../warehouse.js";

/** `tidemark uninstall`: takes bookkeeping, and with --drop-tables the replicated tables, out of the schema. */
export async function run(io: Io, invocation: Invocation): Promise<number> {
  const config = await readConfig(io, invocation);
  const pipeline = pipelineNamed(config, invocation.args[0]);
  const dropTables = invocation.options["dropTables"] === true;
  const warehouse = await openDestination(config, pipeline);
  try {
    const dropped = await warehouse.uninstall({ dropTables });
    const also = [...config.pipelines.values()].filter(
      ({ name, destination }) => name !== pipeline.name && destination === pipeline.destination,
    );
    if (invocation.options["json"] === true) {
      printJson(io, { pipeline: pipeline.name, schema: warehouse.schema, dropTables, dropped });
      return EXIT.done;
    }
    print(
      io.stdout,
      ...dropped.map((name) => `dropped ${name}`),
      `Tidemark's bookkeeping is gone from ${pipeline.destination}, schema ${warehouse.schema}.`,
      ...(dropTables ? [] : ["The replicated tables stay as they are; --drop-tables removes them too."]),
      ...also.map(({ name }) => `note: the pipeline ${name} writes there too; its next run would start from nothing.`),
    );
    return EXIT.done;
  } finally {
    await warehouse.close();
  }
}
