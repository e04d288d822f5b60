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
      ...dropped.filter((name) => !name.startsWith("_tidemark_")).map((name) => `dropped ${name}`),
      ...closing({
        dropped: dropped.length > 0,
        dropTables,
        place: `${pipeline.destination}, schema ${warehouse.schema}`,
      }),
      ...also.map(({ name }) => `note: the pipeline ${name} writes there too; its next run would start from nothing.`),
    );
    return EXIT.done;
  } finally {
    await warehouse.close();
  }
}

function closing(done: { dropped: boolean; dropTables: boolean; place: string }): string[] {
  if (!done.dropped) return [`There is nothing of Tidemark's in ${done.place}.`];
  const gone = `Tidemark's bookkeeping is gone from ${done.place}.`;
  if (done.dropTables) return [gone];
  return [
    gone,
    "The replicated tables stay as they are, but are Tidemark's no more: drop or rename them before another run into this schema.",
  ];
}
