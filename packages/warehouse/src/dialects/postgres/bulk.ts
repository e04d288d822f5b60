import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";

import type { BulkRow, BulkTarget } from "../../dialect.js";
import { copyLine } from "./copy-text.js";

/** Characters gathered before they go to the socket; larger pieces gained nothing when measured. */
const CHUNK_CHARACTERS = 64 * 1024;

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** COPY … FROM STDIN on this client; resolves with the number of rows once the server has taken all of them. */
export async function copyRows(client: ClientBase, target: BulkTarget, rows: Iterable<BulkRow>): Promise<number> {
  const table = (target.schema === null ? "pg_temp" : quote(target.schema)) + "." + quote(target.table);
  const names = target.columns.map((column) => quote(column.name)).join(", ");
  const types = target.columns.map((column) => column.type);
  const stream = client.query(copyFrom(`copy ${table} (${names}) from stdin`));
  const done = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve);
    stream.once("error", reject);
  });
  // Awaited at the end; an error before that must not count as unhandled.
  done.catch(() => undefined);
  let text = "";
  let count = 0;
  for (const row of rows) {
    text += copyLine(row, types);
    count++;
    if (text.length < CHUNK_CHARACTERS) continue;
    const flowing = stream.write(Buffer.from(text));
    text = "";
    if (!flowing) await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), done]);
  }
  stream.end(Buffer.from(text));
  await done;
  return count;
}
