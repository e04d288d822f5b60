// What a good engineer would write by hand with the same driver: one bulk load into a table with a primary key; later a
// bulk load into a temporary staging table, an UPDATE of rows whose hash differs (or, where edits of other people are to
// be undone, any column), an INSERT of new ones, and their exact counts, in one transaction. No batches, no cursor, no lease, nothing that is left after a crash. One phase a process.
import { cpuMs, peakRssMb } from "../support/peak.mjs";
import { USERS_TABLE, userRows } from "../support/user-rows.mjs";

const { type, url, schema, phase, rows, version } = JSON.parse(process.argv[2] ?? "{}");
const { open } = await import(`./by-hand/${type}.mjs`);
const columns = [...USERS_TABLE.columns, { name: "hash", type: "hash" }];
const database = await open(url, { schema, columns });
if (phase === "load") await database.createTable();

const started = performance.now();
const source = userRows({ rows, version });
const counts = await (phase === "load"
  ? database.load(source)
  : database.merge(source, { compareAll: phase === "merge-all" }));
const ms = performance.now() - started;
await database.close();
process.stdout.write(JSON.stringify({ ms, counts, maxRssMb: peakRssMb(), cpuMs: cpuMs() }));
