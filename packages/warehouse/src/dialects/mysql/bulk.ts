import { Readable } from "node:stream";

import type { SqlValue } from "@tidemark/catalog";

import type { BulkRow, BulkTarget } from "../../dialect.js";
import { cleanText } from "../../text.js";
import { type Answer, type DriverConnection, query } from "./driver.js";
import { isLocalInfileRefused, refusedRow, rowsMissing } from "./errors.js";
import { loadLine, storable } from "./load-text.js";
import { list, ref } from "./sql.js";

/** Characters gathered before they go to the socket. */
const CHUNK_CHARACTERS = 64 * 1024;
/** The name that our own statement asks for; a server that asks for any other gets nothing. */
const NAME = "tidemark-rows";
/** One INSERT where LOAD DATA is not to be had: well below the smallest max_allowed_packet in use (4 MB). */
const INSERT_ROWS = 1_000;
const INSERT_CHARACTERS = 512 * 1024;

/**
 * Rows by LOAD DATA LOCAL INFILE from a stream of ours, or by large INSERTs where the server refuses that. Resolves with
 * their number once the server has all of them; throws when it left out or changed as much as one.
 */
export async function loadRows(
  connection: DriverConnection,
  target: BulkTarget,
  rows: Iterable<BulkRow>,
): Promise<number> {
  const source = { count: 0, rows };
  let answer: Answer;
  try {
    answer = (await query(connection, loadStatement(target), {
      infileStreamFactory: (path) => streamFor(path, { connection, target, source }),
    })) as Answer;
  } catch (error) {
    // Refused before a row was asked for, so that none is lost.
    if (source.count === 0 && isLocalInfileRefused(error)) return insertRows(connection, target, rows);
    throw error;
  }
  await checkComplete(connection, answer, source.count);
  return source.count;
}

function columnsOf(target: BulkTarget): string {
  // knex does not see these statements, so nothing takes `?` for a placeholder.
  return list(target.columns.map((column) => column.name)).replaceAll("\\?", "?");
}

function loadStatement(target: BulkTarget): string {
  return `load data local infile '${NAME}' into table ${ref(target.schema, target.table)} character set utf8mb4
    fields terminated by '\\t' escaped by '\\\\' lines terminated by '\\n' (${columnsOf(target)})`;
}

interface Load {
  readonly connection: DriverConnection;
  readonly target: BulkTarget;
  readonly source: { count: number; readonly rows: Iterable<BulkRow> };
}

function streamFor(path: string, load: Load): Readable {
  if (path === NAME) return Readable.from(chunks(load), { objectMode: false });
  const refused = new Readable({ read() {} });
  // Listeners are attached after this function returns.
  process.nextTick(() => refused.destroy(new Error("the server asked for a file that it was not offered")));
  return refused;
}

async function* chunks({ connection, target, source }: Load): AsyncGenerator<Buffer> {
  const types = target.columns.map((column) => column.type);
  let text = "";
  for (const row of source.rows) {
    text += loadLine(row, types);
    source.count++;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = "";
    await drained(connection);
  }
  if (text !== "") yield Buffer.from(text);
}

/** The driver itself does not wait for its socket. */
async function drained({ stream }: DriverConnection): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
  });
}

/**
 * LOAD DATA LOCAL never fails on a row: it skips a key that is there and cuts a value that does not fit, and warns (MySQL
 * manual, LOAD DATA). The first warning becomes the error that an INSERT would have been.
 */
async function checkComplete(connection: DriverConnection, answer: Answer, sent: number): Promise<void> {
  if (answer.warningStatus === 0 && answer.affectedRows === sent) return;
  const warnings = (await query(connection, "show warnings limit 1")) as { Code: number; Message: string }[];
  const [first] = warnings;
  throw first ? refusedRow(first.Code, first.Message) : rowsMissing(sent - answer.affectedRows);
}

async function insertRows(connection: DriverConnection, target: BulkTarget, rows: Iterable<BulkRow>): Promise<number> {
  const types = target.columns.map((column) => column.type);
  const sql = `insert into ${ref(target.schema, target.table)} (${columnsOf(target)}) values ?`;
  let waiting: unknown[][] = [];
  let size = 0;
  let count = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length > 0) await query(connection, sql, { values: [waiting] });
    waiting = [];
    size = 0;
  };
  for (const row of rows) {
    const values = [...row.values, ...row.extra].map((value: SqlValue, index) => {
      const stored = storable(value, types[index]);
      return typeof stored === "string" ? cleanText(stored) : typeof stored === "bigint" ? String(stored) : stored;
    });
    waiting.push(values);
    size += values.reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 8), 0);
    count++;
    if (waiting.length >= INSERT_ROWS || size >= INSERT_CHARACTERS) await flush();
  }
  await flush();
  return count;
}
