import { homedir } from "node:os";

import {
  type Config,
  type OktaConnection,
  resolveConnection,
  soleOktaConnection,
  type WarehouseConnection,
} from "@tidemark/config";
import { type Clock, type Logger, TerminalError } from "@tidemark/kernel";
import { createOktaClient, type OktaClient, resolveOktaSettings } from "@tidemark/okta-client";
import { isWarehouseType, openWarehouse, type Warehouse, type WarehouseConfig } from "@tidemark/warehouse";

/** Where values that the configuration leaves out may come from. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly homeDir?: string;
  readonly cwd?: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An Okta client and where each of its settings came from, for `check`. */
export interface ConnectedOkta {
  readonly client: OktaClient;
  readonly connection: OktaConnection;
  readonly sources: Readonly<Record<string, string>>;
}

/**
 * A client for an Okta connection; nothing is sent yet. Okta's own environment names and okta.yaml fill what the file
 * leaves out, but only when it has one Okta connection: with two nobody could say whose token the variable holds.
 * @throws TerminalError CONFIG_INVALID naming the keys that nobody gave.
 */
export async function connectOkta(config: Config, name: string, surroundings: Surroundings): Promise<ConnectedOkta> {
  const connection = await resolveConnection(config, name);
  if (connection.type !== "okta") {
    throw new TerminalError("CONFIG_INVALID", `${name} is a ${connection.type} connection, not an Okta org`, {
      where: `connections.${name}`,
    });
  }
  const sole = soleOktaConnection(config) === name;
  const explicit = {
    ...(connection.orgUrl === undefined ? {} : { orgUrl: connection.orgUrl }),
    ...(connection.token === undefined ? {} : { token: connection.token.reveal() }),
    ...(connection.clientId === undefined ? {} : { clientId: connection.clientId }),
    ...(connection.privateKey === undefined ? {} : { privateKey: connection.privateKey.reveal() }),
    ...(connection.keyId === undefined ? {} : { keyId: connection.keyId }),
    ...(connection.scopes === undefined ? {} : { scopes: connection.scopes }),
  };
  const resolved = await resolveOktaSettings({
    explicit,
    env: sole ? (surroundings.env ?? process.env) : {},
    // Without a folder there is no okta.yaml to find.
    homeDir: sole ? (surroundings.homeDir ?? homedir()) : "",
    cwd: sole ? (surroundings.cwd ?? process.cwd()) : "",
  });
  if (resolved.auth === null || resolved.settings.orgUrl === undefined) {
    throw new TerminalError("CONFIG_INVALID", `Connection ${name} lacks ${resolved.missing.join(", ")}`, {
      where: `${config.file} connections.${name}`,
      remedy: sole
        ? "Set it in the file (token: ${env:OKTA_CLIENT_TOKEN}), or in OKTA_CLIENT_ORGURL, OKTA_CLIENT_TOKEN and the like"
        : "Set it in the file; with several Okta connections the OKTA_CLIENT_… variables are not used",
    });
  }
  const client = createOktaClient({
    orgUrl: resolved.settings.orgUrl,
    auth: resolved.auth,
    share: connection.rateLimit.share,
    clock: surroundings.clock,
    logger: surroundings.logger,
    ...(connection.proxy === undefined ? {} : { proxy: connection.proxy.reveal() }),
    ...(connection.caFile === undefined ? {} : { caFile: connection.caFile }),
  });
  return { client, connection, sources: { ...resolved.sources } };
}

/**
 * Opens the database of a connection; bookkeeping tables are not touched yet.
 * @throws TerminalError CONFIG_INVALID when the connection is no database.
 */
export async function connectWarehouse(
  config: Config,
  name: string,
  surroundings: Pick<Surroundings, "clock" | "logger">,
): Promise<Warehouse> {
  const connection = await resolveConnection(config, name);
  if (connection.type === "okta" || connection.type === "csv") {
    throw new TerminalError("CONFIG_INVALID", `${name} is a ${connection.type} connection, not a database`, {
      where: `connections.${name}`,
    });
  }
  try {
    return await openWarehouse(warehouseConfig(connection), surroundings);
  } catch (error) {
    throw inFile(error, config, name);
  }
}

/** The warehouse names the key that is at fault; this puts file, line and connection before it. */
export function inFile(error: unknown, config: Config, name: string): unknown {
  if (!(error instanceof TerminalError) || error.code !== "CONFIG_INVALID" || error.where === undefined) return error;
  const at = ["connections", name, error.where];
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
  return new TerminalError(error.code, error.message, { ...remedy, where: config.source.whereValue(at), cause: error });
}

/** What the file says of a database, in the warehouse's words. */
function warehouseConfig(connection: WarehouseConnection): WarehouseConfig {
  const { name: _name, origins: _origins, type, url, accessToken, ...settings } = connection;
  if (!isWarehouseType(type)) {
    throw new TerminalError("CONFIG_INVALID", `Tidemark cannot write to ${String(type)} yet`, {
      where: "type",
      remedy: "Use a postgres, mysql or sqlserver connection",
    });
  }
  return {
    ...settings,
    type,
    url: url.reveal(),
    ...(accessToken === undefined ? {} : { accessToken: accessToken.reveal() }),
  };
}
