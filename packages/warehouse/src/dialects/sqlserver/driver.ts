import { Connection, type ConnectionConfiguration, Request, TYPES } from "tedious";

import type { Binding } from "../../dialect.js";

/** A type of the protocol. */
export type DataType = (typeof TYPES)[keyof typeof TYPES];

/** A connection, and what of tedious' it has beside. */
export type DriverConnection = Connection & {
  readonly closed: boolean;
  readonly inTransaction: boolean;
  /** What knex asks before it gives the connection to somebody. */
  connected?: boolean;
};

/** A result column as the server describes it. */
export interface Described {
  readonly colName: string;
  readonly type: { readonly name: string };
  /** Bytes, of types with a length; 65,535 for `max`. */
  readonly dataLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly collation?: unknown;
}

export interface Answer {
  readonly rows: Record<string, unknown>[];
  /** Columns of the last result set. */
  readonly columns: readonly Described[];
}

/** Thrown instead of running a statement of a transaction that the server has ended by itself. */
export const TRANSACTION_ENDED = "ETRANSACTIONENDED";
/** Thrown instead of logging in when TLS was asked for and the server has none. */
export const NO_TLS = "ENOTLS";

/** One connection does one thing at a time; what comes meanwhile waits here. */
const queues = new WeakMap<Connection, Promise<unknown>>();

/** Does `work` when everything that was asked of the connection before is done. */
export function inTurn<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const next = (queues.get(connection) ?? Promise.resolve()).then(work);
  queues.set(
    connection,
    next.catch(() => undefined),
  );
  return next;
}

/** Waits until nothing asked of the connection is under way. */
export async function idle(connection: Connection): Promise<void> {
  await queues.get(connection);
}

/** A statement's text with `@p0`, `@p1`, … in the places of `?`; `\?` stands for a question mark. */
export function positioned(sql: string): string {
  let next = 0;
  return sql.replaceAll(/\\?\?/g, (found) => (found === "?" ? `@p${next++}` : "?"));
}

/** Value and type of a parameter. Instants are DATETIME2: a DATETIME is exact to 3 ms only. */
function parameter(binding: Binding | Date | Buffer | undefined): {
  type: DataType;
  value: unknown;
  scale?: number;
} {
  if (binding instanceof Date) return { type: TYPES.DateTime2, value: binding, scale: 3 };
  if (Buffer.isBuffer(binding)) return { type: TYPES.VarBinary, value: binding };
  switch (typeof binding) {
    case "boolean":
      return { type: TYPES.Bit, value: binding };
    case "bigint":
      return { type: TYPES.BigInt, value: binding };
    case "number":
      return { type: Number.isSafeInteger(binding) ? TYPES.BigInt : TYPES.Float, value: binding };
    default:
      return { type: TYPES.NVarChar, value: binding ?? null };
  }
}

/** A statement with its parameters named `@p0`, `@p1`, … */
export interface Command {
  readonly sql: string;
  readonly bindings: readonly (Binding | Date | Buffer)[];
  /** It belongs to a transaction, and must not be run outside of it. */
  readonly transacting: boolean;
}

/** Refuses a transaction's work when the server has ended it: by itself the connection would go on without one. */
export function requireTransaction(connection: DriverConnection): void {
  if (connection.inTransaction || connection.closed) return;
  throw Object.assign(new Error("the server ended the transaction after an earlier error"), {
    code: TRANSACTION_ENDED,
  });
}

/**
 * Runs a statement. Without bindings it is a batch of its own, as temporary tables need (those that sp_executesql makes
 * are gone when it ends) and CREATE SCHEMA and CREATE VIEW.
 */
export function execute(connection: DriverConnection, command: Command): Promise<Answer> {
  return inTurn(connection, async () => {
    if (command.transacting) requireTransaction(connection);
    return perform(connection, command);
  });
}

function perform(connection: DriverConnection, { sql, bindings }: Command): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const rows: Record<string, unknown>[] = [];
    let columns: readonly Described[] = [];
    const request = new Request(sql, (error) => {
      // knex puts the statement before the words.
      if (error) reject(Object.assign(error, { words: error.message }));
      else resolve({ rows, columns });
    });
    request.on("columnMetadata", (described: unknown) => {
      columns = described as readonly Described[];
    });
    request.on("row", (cells: { value: unknown; metadata: { colName: string } }[]) => {
      rows.push(Object.fromEntries(cells.map((cell) => [cell.metadata.colName, cell.value])));
    });
    bindings.forEach((binding, index) => {
      const { type, value, ...options } = parameter(binding);
      request.addParameter(`p${index}`, type, value, options);
    });
    if (bindings.length === 0) connection.execSqlBatch(request);
    else connection.execSql(request);
  });
}

/** tedious goes on in clear text when the server says that it has no TLS; who asked for TLS sends no password then. */
function refuseClearText(connection: Connection): void {
  let secure = false;
  connection.on("secure", () => {
    secure = true;
  });
  const login = connection as unknown as { sendLogin7Packet(): void };
  const send = login.sendLogin7Packet.bind(login);
  login.sendLogin7Packet = () => {
    if (!secure) throw Object.assign(new Error("the server offers no TLS"), { code: NO_TLS });
    // A server may send us on to another one, where the same holds.
    secure = false;
    send();
  };
}

/** Error numbers of a refused login: tedious keeps their words alone. */
interface LoginError extends Error {
  numbers?: number[];
}

/** Connects and logs in. With `requireTls` nothing secret goes to a server without TLS. */
export function openConnection(
  settings: ConnectionConfiguration,
  options: { requireTls: boolean },
): Promise<DriverConnection> {
  return new Promise((resolve, reject) => {
    const connection = new Connection(settings) as DriverConnection;
    if (options.requireTls) refuseClearText(connection);
    const numbers: number[] = [];
    const collect = (token: { number?: number }): void => {
      if (token.number !== undefined) numbers.push(token.number);
    };
    connection.on("errorMessage", collect as never);
    connection.connect((error?: LoginError) => {
      connection.removeListener("errorMessage", collect);
      if (error) {
        if (numbers.length > 0) error.numbers = numbers;
        // tedious does not close the socket of a connection that it gives up itself.
        (connection as unknown as { socket?: { destroy(): void } }).socket?.destroy();
        reject(error);
        return;
      }
      connection.connected = true;
      const lost = (): void => {
        connection.connected = false;
      };
      connection.on("error", lost).on("end", lost);
      resolve(connection);
    });
  });
}

/** Closes a connection; resolves once it is closed. */
export function closeConnection(connection: DriverConnection): Promise<void> {
  connection.connected = false;
  if (connection.closed) return Promise.resolve();
  return new Promise((resolve) => {
    connection.once("end", resolve);
    connection.close();
  });
}
