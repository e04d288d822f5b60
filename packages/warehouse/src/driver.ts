import { readFile } from "node:fs/promises";

import { messageOf, TerminalError } from "@tidemark/kernel";
import type { Knex } from "knex";

/** What a driver threw while it opened a connection: some drivers give such errors no code. */
export class ConnectError extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = "ConnectError";
  }
}

/** Tells errors of connecting from errors of a connection that stood; `prepare` makes a new connection ready. */
export function tagConnectErrors(knex: Knex, prepare?: (connection: unknown) => Promise<void>): void {
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
      throw new ConnectError(error);
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

/** The text of a PEM file. */
export async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new TerminalError("CONFIG_INVALID", `The connection's caFile cannot be read: ${file}`, {
      remedy: "Name a PEM file that this user may read.",
      cause: error,
    });
  }
}
