import { type Config, type Pipeline, resolveConnection } from "@tidemark/config";
import { silentLogger, systemClock, TerminalError } from "@tidemark/kernel";
import { openWarehouse, type Warehouse } from "@tidemark/warehouse";

/** Opens the database that a pipeline writes to. Throws USAGE when its destination is no database that can be opened. */
export async function openDestination(config: Config, pipeline: Pipeline): Promise<Warehouse> {
  const connection = await resolveConnection(config, pipeline.destination);
  if (connection.type === "okta" || connection.type === "csv") {
    throw new TerminalError(
      "USAGE",
      `The pipeline ${pipeline.name} writes to ${connection.name}, which is not a database that Tidemark can open.`,
      {
        where: pipeline.where,
      },
    );
  }
  return openWarehouse(
    {
      type: connection.type,
      url: connection.url.reveal(),
      schema: connection.schema,
      grantSelect: connection.grantSelect,
    },
    { clock: systemClock, logger: silentLogger },
  );
}
