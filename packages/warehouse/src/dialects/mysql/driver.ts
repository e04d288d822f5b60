import type { Readable } from "node:stream";
import type { Socket } from "node:net";

/** What of a mysql2 connection is used below knex. */
export interface DriverConnection {
  readonly stream: Socket;
  query(
    options: { sql: string; values?: unknown; infileStreamFactory?: (path: string) => Readable },
    done: (error: Error | null, result: unknown) => void,
  ): unknown;
  /** A value as it stands in a statement's text. */
  escape(value: unknown): string;
  destroy(): void;
}

/** What a statement without rows answers. */
export interface Answer {
  readonly affectedRows: number;
  readonly warningStatus: number;
}

/** Runs one statement on this connection; `infile` gives what LOAD DATA LOCAL asks for. */
export function query(
  connection: DriverConnection,
  sql: string,
  options: { values?: unknown; infileStreamFactory?: (path: string) => Readable } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, ...options }, (error: (Error & { sql?: string }) | null, result) => {
      // The statement's text holds values.
      if (error) delete error.sql;
      if (error) reject(error);
      else resolve(result);
    });
  });
}
