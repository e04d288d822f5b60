import { type Config, type ConnectionDeclaration, resolveConnection, type WarehouseConnection } from "@tidemark/config";
import { TidemarkError } from "@tidemark/kernel";
import type { ServerInfo, Warehouse } from "@tidemark/warehouse";

import { connectWarehouse, type Surroundings } from "../connect.js";
import { holdsTidemark } from "../holds-tidemark.js";
import { problemOf } from "./problems.js";
import type { CheckProblem, WarehouseCheck } from "./types.js";

/** Asks the server who it is and what this user may do; changes nothing. */
export async function checkWarehouse(
  declaration: ConnectionDeclaration,
  config: Config,
  surroundings: Surroundings,
): Promise<WarehouseCheck> {
  const { name, type } = declaration;
  const nothing = { connection: name, kind: "warehouse", type, schema: null, server: null, boundOrg: null } as const;
  let connection: WarehouseConnection | null = null;
  let warehouse: Warehouse | null = null;
  try {
    connection = (await resolveConnection(config, name)) as WarehouseConnection;
    warehouse = await connectWarehouse(config, name, surroundings);
    const server = await warehouse.info();
    const problems = problemsOf(server, connection, warehouse.store.dialect.remedies);
    return {
      ...nothing,
      ok: problems.length === 0,
      problems,
      warnings: [],
      settings: connection.origins,
      schema: connection.schema,
      server,
      boundOrg: (await holdsTidemark(warehouse)) ? await warehouse.boundOrg() : null,
    };
  } catch (error) {
    const known = { schema: connection?.schema ?? null, settings: connection?.origins ?? {} };
    const missing = error instanceof TidemarkError && error.code === "WAREHOUSE_NO_DATABASE";
    if (missing && connection?.createDatabase) {
      const warning = "the database is missing; the first run makes it (createDatabase), if the user may";
      return { ...nothing, ...known, ok: true, problems: [], warnings: [warning] };
    }
    return { ...nothing, ...known, ok: false, problems: [problemOf(error)], warnings: [] };
  } finally {
    await warehouse?.close();
  }
}

function problemsOf(
  server: ServerInfo,
  connection: WarehouseConnection,
  remedies: Warehouse["store"]["dialect"]["remedies"],
): CheckProblem[] {
  const problems: CheckProblem[] = [];
  const { schema } = connection;
  if (server.tooOld) {
    problems.push({
      code: "WAREHOUSE_TOO_OLD",
      message: `${server.version} is older than the oldest supported version`,
    });
  }
  if (server.standby || server.readOnly) {
    const why = server.standby ? "it follows another server" : "it, or this user's sessions, are read-only";
    problems.push({
      code: "WAREHOUSE_READ_ONLY",
      message: `Database ${server.database} accepts no writes: ${why}`,
      remedy: server.standby ? "Put the primary's address into url" : remedies.readOnly,
    });
  } else if (!server.schemaExists && !server.mayCreateSchema) {
    problems.push({
      code: "WAREHOUSE_DENIED",
      message: `There is no schema ${schema} in database ${server.database}, and ${server.user} may not make one`,
      remedy: remedies.createSchema(schema, server.user),
    });
  } else if (!server.mayCreateTables) {
    problems.push({
      code: "WAREHOUSE_DENIED",
      message: `${server.user} may not make tables in schema ${schema} of database ${server.database}`,
      remedy: remedies.createTables(schema, server.user),
    });
  }
  return problems;
}
