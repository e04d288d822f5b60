import type { Writable } from "node:stream";

import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";

import type { BulkRow, BulkTarget, ColumnPlan } from "../../dialect.js";
import { copyLine } from "./copy-text.js";

/** Characters gathered before they go to the socket; larger pieces gained nothing when measured. */
const CHUNK_CHARACTERS = 64 * 1024;

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * COPY … FROM STDIN on this client; resolves with the number of rows once the server has taken all of them. When the
 * rows themselves fail, the server is told to forget what it has, and the connection stays usable.
 */
export async function copyRows(client: ClientBase, target: BulkTarget, rows: Iterable<BulkRow>): Promise<number> {
  const table = (target.work ? "pg_temp" : quote(target.schema)) + "." + quote(target.table);
  const names = target.columns.map((column) => quote(column.name)).join(", ");
  const types = target.columns.map((column) => column.type);
  const stream = client.query(copyFrom(`copy ${table} (${names}) from stdin`));
  // The driver emits the server's error without marking the stream as errored.
  let refused = false;
  const done = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve);
    stream.on("error", (error) => {
      refused = true;
      reject(error);
    });
  });
  // Awaited below; an error before that must not count as unhandled.
  done.catch(() => undefined);
  try {
    const count = await writeRows(stream, { rows, types, done });
    stream.end();
    await done;
    return count;
  } catch (error) {
    if (!refused) {
      stream.destroy(new Error("the rows could not be read"));
      await done.catch(() => undefined);
    }
    throw error;
  }
}

async function writeRows(
  stream: Writable,
  copy: { rows: Iterable<BulkRow>; types: readonly ColumnPlan["type"][]; done: Promise<void> },
): Promise<number> {
  let text = "";
  let count = 0;
  for (const row of copy.rows) {
    text += copyLine(row, copy.types);
    count++;
    if (text.length < CHUNK_CHARACTERS) continue;
    const flowing = stream.write(Buffer.from(text));
    text = "";
    if (!flowing) await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), copy.done]);
  }
  if (text !== "") stream.write(Buffer.from(text));
  return count;
}
