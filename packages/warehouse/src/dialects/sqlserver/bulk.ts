import type { SqlValue } from "@tidemark/catalog";
import { TYPES } from "tedious";

import type { BulkRow, BulkTarget } from "../../dialect.js";
import { cleanJson, cleanText } from "../../text.js";
import { type DataType, type Described, type DriverConnection, execute, inTurn, requireTransaction } from "./driver.js";
import { badValue } from "./errors.js";
import { list, q, ref, temporary } from "./sql.js";

/** A column of the bulk path: the server's own type, and how our values become values of it. */
interface LoadColumn {
  readonly type: DataType;
  readonly length?: number;
  readonly scale?: number;
  readonly collation?: unknown;
  readonly value: (value: SqlValue) => unknown;
}

/** Characters of `nvarchar(max)` as tedious writes it: more than fit into a type with a length. */
const UNLIMITED = 1 << 20;
const MAX_BYTES = 65_535;

function instantValue(value: SqlValue): Date | null {
  if (value === null) return null;
  const at = new Date(String(value));
  const year = at.getUTCFullYear();
  // DATETIME2 goes from year 1 to 9999.
  if (!(year >= 1 && year <= 9999)) throw badValue("an instant is not between the years 1 and 9999");
  return at;
}

function integerValue(value: SqlValue): bigint | null {
  if (value === null) return null;
  try {
    return BigInt.asIntN(64, BigInt(value)) === BigInt(value) ? BigInt(value) : refuseInteger();
  } catch {
    return refuseInteger();
  }
}

function refuseInteger(): never {
  throw badValue("a value is no integer of 64 bits");
}

function doubleValue(value: SqlValue): number | null {
  if (value === null) return null;
  const number = Number(value);
  if (!Number.isFinite(number)) throw badValue("a value is no number");
  return number;
}

function booleanValue(value: SqlValue): boolean | null {
  // What was boolean when the row was made may have come as text.
  return value === null ? null : value === true || value === "true" || value === 1;
}

function textValue(clean: (text: string) => string): (value: SqlValue) => string | null {
  return (value) => (value === null ? null : clean(String(value)));
}

function loadColumn(described: Described, kind: BulkTarget["columns"][number]["type"]): LoadColumn {
  switch (described.type.name) {
    case "Bit":
    case "BitN":
      return { type: TYPES.Bit, value: booleanValue };
    case "BigInt":
    case "IntN":
      return { type: TYPES.BigInt, value: integerValue };
    case "Float":
    case "FloatN":
      return { type: TYPES.Float, value: doubleValue };
    case "DateTime2":
      return { type: TYPES.DateTime2, scale: described.scale ?? 3, value: instantValue };
    default: {
      const wide = described.type.name !== "VarChar";
      const bytes = described.dataLength ?? MAX_BYTES;
      return {
        type: wide ? TYPES.NVarChar : TYPES.VarChar,
        length: bytes >= MAX_BYTES ? UNLIMITED : wide ? bytes / 2 : bytes,
        collation: described.collation,
        value: textValue(kind === "json" ? cleanJson : cleanText),
      };
    }
  }
}

/**
 * Rows by tedious' bulk load, streamed as fast as the server takes them; resolves with their number. Types are those that
 * the server tells of the table, because the bulk path does not convert. Triggers and checks that people added see these
 * rows as they see inserted ones. Nulls are not "kept": that would put them, too, into columns that are left out and have
 * a default (Microsoft Learn, "Keep nulls or default values during bulk import").
 */
export async function loadRows(
  connection: DriverConnection,
  target: BulkTarget,
  rows: Iterable<BulkRow>,
): Promise<number> {
  const iterator = rows[Symbol.iterator]();
  const first = iterator.next();
  // Without a row the driver would leave out the columns' types, too.
  if (first.done) return 0;
  const table = (target.work ? temporary(target.table) : ref(target.schema, target.table)).replaceAll("\\?", "?");
  const names = target.columns.map((column) => column.name);
  const described = await execute(connection, {
    sql: `select top (0) ${list(names).replaceAll("\\?", "?")} from ${table}`,
    bindings: [],
    transacting: true,
  });
  const columns = target.columns.map((column, at) =>
    loadColumn(described.columns[at] ?? { colName: column.name, type: { name: "NVarChar" } }, column.type),
  );
  return inTurn(connection, async () => {
    requireTransaction(connection);
    return send(connection, { table, names, columns, rows: iterator, first: first.value });
  });
}

interface Load {
  readonly table: string;
  readonly names: readonly string[];
  readonly columns: readonly LoadColumn[];
  readonly rows: Iterator<BulkRow>;
  readonly first: BulkRow;
}

function send(connection: DriverConnection, load: Load): Promise<number> {
  let count = 0;
  let failure: unknown;
  const { columns } = load;
  function cellsOf({ values, extra }: BulkRow): unknown[] {
    count++;
    return columns.map((column, at) =>
      column.value((at < values.length ? values[at] : extra[at - values.length]) ?? null),
    );
  }
  // A row that fails ends the load in order, and the transaction is rolled back with what was sent: not every server that
  // speaks the protocol survives a load that is broken off.
  function* cells(): Generator<unknown[]> {
    try {
      for (let row = load.first; ;) {
        yield cellsOf(row);
        const next = load.rows.next();
        if (next.done) return;
        row = next.value;
      }
    } catch (error) {
      failure = error;
    }
  }
  return new Promise((resolve, reject) => {
    const options = { checkConstraints: true, fireTriggers: true };
    const bulk = connection.newBulkLoad(load.table, options, (error) => {
      if (failure !== undefined || error) reject((failure ?? error) as Error);
      else resolve(count);
    });
    columns.forEach((column, at) => {
      const { value: _value, type, collation, ...size } = column;
      // tedious puts the name between brackets as it is.
      bulk.addColumn(
        q(load.names[at] ?? "")
          .slice(1, -1)
          .replaceAll("\\?", "?"),
        type,
        { nullable: true, ...size },
      );
      const added = bulk.columns[at];
      if (added && collation !== undefined) added.collation = collation as never;
    });
    connection.execBulkLoad(bulk, cells());
  });
}
