import { type ConnectionDeclaration, declaredConnection } from "@tidemark/config";
import { silentLogger, systemClock } from "@tidemark/kernel";

import type { Surroundings } from "../connect.js";
import { checkCsv } from "./check-csv.js";
import { checkOkta } from "./check-okta.js";
import { checkWarehouse } from "./check-warehouse.js";
import type { CheckOptions, CheckReport, ConnectionCheck, OktaCheck } from "./types.js";

/**
 * Looks at every connection of the file (or one) and says what a run would meet: who the token is, what each object
 * answers, what the database allows, and what a first load and an idle run will cost. Writes nothing, and sends Okta
 * few requests, through the same rate ledger as a run.
 *
 * Resolves whatever was found; a connection that cannot be used has its reason among its problems.
 * @throws TerminalError USAGE for a connection that the file does not have.
 */
export async function check(options: CheckOptions): Promise<CheckReport> {
  const { config } = options;
  const names = options.connection === undefined ? [...config.connections.keys()] : [options.connection];
  const declarations = names.map((name) => declaredConnection(config, name));
  const surroundings = { ...options, clock: options.clock ?? systemClock, logger: options.logger ?? silentLogger };
  const connections: ConnectionCheck[] = [];
  // One after the other: the figures of one org must not be those of two that are asked at once.
  for (const declaration of declarations) {
    options.signal?.throwIfAborted();
    connections.push(await checkConnection(declaration, options, surroundings));
  }
  return {
    checkedAt: new Date(surroundings.clock.now()).toISOString(),
    ok: connections.every((connection) => connection.ok),
    connections,
    requests: connections.reduce((sum, one) => sum + (one.kind === "okta" ? one.requests : 0), 0),
  };
}

function checkConnection(
  declaration: ConnectionDeclaration,
  options: CheckOptions,
  surroundings: Surroundings,
): Promise<ConnectionCheck> {
  switch (declaration.type) {
    case "okta":
      return checkOkta(declaration.name, options, surroundings);
    case "csv":
      return checkCsv(declaration.name, options.config);
    default:
      return checkWarehouse(declaration, options.config, surroundings);
  }
}

/**
 * Exit code of a check: 2 when the configuration is at fault, 1 when a connection cannot be used, 3 when an object that
 * the file names itself is denied or unavailable, else 0.
 */
export function exitCodeOfCheck(report: CheckReport): number {
  const broken = report.connections.filter((connection) => !connection.ok);
  if (broken.some(({ problems }) => problems.some((problem) => problem.code.startsWith("CONFIG_")))) return 2;
  if (broken.length > 0) return 1;
  const orgs = report.connections.filter((connection): connection is OktaCheck => connection.kind === "okta");
  const refused = ["denied", "unavailable", "failed"];
  return orgs.some(({ objects }) => objects.some((object) => object.named && refused.includes(object.status))) ? 3 : 0;
}
