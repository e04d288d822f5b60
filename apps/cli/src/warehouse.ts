import type { Config, Pipeline } from "@tidemark/config";
import { silentLogger, systemClock, TerminalError } from "@tidemark/kernel";
import { connectWarehouse } from "@tidemark/pipeline";
import type { Warehouse } from "@tidemark/warehouse";

/** Opens the database that a pipeline writes to. Throws USAGE when its destination is no database. */
export async function openDestination(config: Config, pipeline: Pipeline): Promise<Warehouse> {
  const { destination } = pipeline;
  const type = config.connections.get(destination)?.type;
  if (type === "okta" || type === "csv") {
    throw new TerminalError("USAGE", `The pipeline ${pipeline.name} writes to ${destination}, which is no database.`, {
      where: pipeline.where,
    });
  }
  return connectWarehouse(config, destination, { clock: systemClock, logger: silentLogger });
}
