import { readFile } from "node:fs/promises";

import { messageOf, TerminalError } from "@tidemark/kernel";
import type { Knex } from "knex";

import type { WarehouseConfig } from "./config.js";

/** What a driver threw while it opened a connection: some drivers give such errors no code. */
export class ConnectError extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = "ConnectError";
  }
}

/**
 * Tells errors of connecting from errors of a connection that stood; `prepare` makes a new connection ready, `explain`
 * gives an error that says more than the driver's.
 */
export function tagConnectErrors(
  knex: Knex,
  prepare?: (connection: unknown) => Promise<void>,
  explain: (error: unknown) => unknown = (error) => error,
): void {
  const client = knex.client as {
    acquireRawConnection(): Promise<unknown>;
    destroyRawConnection(connection: unknown): unknown;
  };
  const connectRaw = client.acquireRawConnection.bind(client);
  client.acquireRawConnection = async () => {
    let connection: unknown;
    try {
      connection = await connectRaw();
      await prepare?.(connection);
      return connection;
    } catch (error) {
      if (connection !== undefined) client.destroyRawConnection(connection);
      throw new ConnectError(explain(error));
    }
  };
}

/** The driver's connection under a knex transaction or pool: the only place that reaches below knex. */
export function rawConnection(knex: Knex): Promise<unknown> {
  return (knex.client as { acquireConnection(): Promise<unknown> }).acquireConnection();
}

/** Gives back what {@link rawConnection} took from a pool. */
export function releaseConnection(knex: Knex, connection: unknown): Promise<void> {
  return (knex.client as { releaseConnection(connection: unknown): Promise<void> }).releaseConnection(connection);
}

/** knex would print on stdout, which belongs to the program's own output; what fails is thrown anyway. */
export const QUIET = { warn() {}, error() {}, deprecate() {}, debug() {} };

/** Waiting for a free connection of the pool is no fault of the server: long merges of other objects may have all. */
const LONGEST_WAIT_MS = 3_600_000;

/** knex's settings of a pool. */
export function poolSettings(config: WarehouseConfig): Pick<Knex.Config, "pool" | "acquireConnectionTimeout"> {
  return {
    // The driver gives up by itself after its own time-out.
    pool: { min: 0, max: config.poolSize ?? 10, createTimeoutMillis: connectTimeoutOf(config) + 20_000 },
    acquireConnectionTimeout: LONGEST_WAIT_MS,
  };
}

/** ms */
export function connectTimeoutOf(config: WarehouseConfig): number {
  return config.connectTimeoutMs ?? 10_000;
}

/** The text of a connection's caFile; CONFIG_INVALID when it cannot be read or is no PEM file. */
export function readCa(file: string): Promise<string> {
  return readPem("caFile", file);
}

/** The text of a PEM file that `key` of the connection names. */
export async function readPem(key: string, file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new TerminalError("CONFIG_INVALID", `The connection's ${key} cannot be read: ${file}`, {
      where: key,
      remedy: "Name a PEM file that this user may read.",
      cause: error,
    });
  }
  if (/^-----BEGIN [A-Z ]+-----$/m.test(text)) return text;
  throw new TerminalError("CONFIG_INVALID", `The connection's ${key} is not a PEM file: ${file}`, {
    where: key,
    remedy:
      "A PEM file has lines like -----BEGIN CERTIFICATE-----; openssl x509 -inform der -in FILE makes one of DER.",
  });
}
