import type { Checkpoint, Cursor, PassMode } from "@tidemark/kernel";

import type { WarehouseTransaction } from "../store.js";

const CHECKPOINTS = "_tidemark_checkpoints";

/** A checkpoint and what the loader keeps beside it. */
export interface StoredCheckpoint extends Checkpoint {
  /** Rows in the staging tables that belong to the pass; another number means that staging was tampered with. */
  readonly staged: number;
  /** Last sequence number given to a staged row. */
  readonly sequence: number;
  /** Live rows when the pass began. */
  readonly rowsBefore: number | null;
  /** The table was empty when the pass began: nothing in it can be absent from the listing. */
  readonly fromEmpty: boolean;
}

export const NO_CHECKPOINT: StoredCheckpoint = {
  pass: null,
  cursor: null,
  watermark: null,
  memory: {},
  staged: 0,
  sequence: 0,
  rowsBefore: null,
  fromEmpty: false,
};

interface CheckpointRow {
  readonly pass_id: string | null;
  readonly pass_mode: string | null;
  readonly pass_started_ms: string | number | null;
  readonly position: string | null;
  readonly watermark_ms: string | number | null;
  readonly memory: string | null;
  readonly staged: string | number;
  readonly sequence: string | number;
  readonly rows_before: string | number | null;
  readonly from_empty: boolean | number;
}

function numberOrNull(value: string | number | null): number | null {
  return value === null ? null : Number(value);
}

export async function readCheckpoint(
  tx: Pick<WarehouseTransaction, "table">,
  object: string,
): Promise<StoredCheckpoint> {
  const row = (await tx.table(CHECKPOINTS).where({ object }).first()) as CheckpointRow | undefined;
  return row ? toCheckpoint(row) : NO_CHECKPOINT;
}

/** The checkpoints of all objects that have one. */
export async function readCheckpoints(
  tx: Pick<WarehouseTransaction, "table">,
): Promise<ReadonlyMap<string, StoredCheckpoint>> {
  const rows = (await tx.table(CHECKPOINTS).select()) as (CheckpointRow & { readonly object: string })[];
  return new Map(rows.map((row) => [row.object, toCheckpoint(row)]));
}

/**
 * Moves the watermark of an object of which nothing was to be read. Not under a lease: another run's pass, if it has
 * begun one meanwhile, is left alone, and a watermark never goes back.
 */
export async function moveWatermark(
  tx: Pick<WarehouseTransaction, "table">,
  object: string,
  watermark: number,
): Promise<void> {
  await tx
    .table(CHECKPOINTS)
    .where({ object })
    .whereNull("pass_id")
    .where("watermark_ms", "<", watermark)
    .update({ watermark_ms: watermark });
}

function toCheckpoint(row: CheckpointRow): StoredCheckpoint {
  return {
    pass:
      row.pass_id === null
        ? null
        : { id: row.pass_id, mode: row.pass_mode as PassMode, startedAt: Number(row.pass_started_ms) },
    cursor: row.position === null ? null : (JSON.parse(row.position) as Cursor),
    watermark: numberOrNull(row.watermark_ms),
    memory: row.memory === null ? {} : (JSON.parse(row.memory) as StoredCheckpoint["memory"]),
    staged: Number(row.staged),
    sequence: Number(row.sequence),
    rowsBefore: numberOrNull(row.rows_before),
    fromEmpty: row.from_empty === true || row.from_empty === 1,
  };
}

export async function writeCheckpoint(
  tx: Pick<WarehouseTransaction, "table">,
  object: string,
  checkpoint: StoredCheckpoint,
): Promise<void> {
  const row = {
    pass_id: checkpoint.pass?.id ?? null,
    pass_mode: checkpoint.pass?.mode ?? null,
    pass_started_ms: checkpoint.pass?.startedAt ?? null,
    position: checkpoint.cursor === null ? null : JSON.stringify(checkpoint.cursor),
    watermark_ms: checkpoint.watermark,
    memory: JSON.stringify(checkpoint.memory),
    staged: checkpoint.staged,
    sequence: checkpoint.sequence,
    rows_before: checkpoint.rowsBefore,
    from_empty: checkpoint.fromEmpty,
  };
  const changed: unknown = await tx.table(CHECKPOINTS).where({ object }).update(row);
  if (changed === 0) await tx.table(CHECKPOINTS).insert({ object, ...row });
}
