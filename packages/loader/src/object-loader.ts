import type { KeyValues, TableSpec } from "@tidemark/catalog";
import { type Checkpoint, type Pass, TerminalError } from "@tidemark/kernel";
import { checkLease, settle, type StoredCheckpoint, writeCheckpoint, writeMeta } from "@tidemark/warehouse";

import { recordAbsent, takeScopes } from "./absent.js";
import { storeBatch } from "./commit-batch.js";
import { endPass } from "./end-pass.js";
import { type LoaderContext, type LoaderParts, type LoaderState, tracksAbsence } from "./loader-state.js";
import { checkStaging, clearStaging } from "./staging.js";
import type { Batch, Finish, LoadCounts, ObjectLoader } from "./types.js";
import { keepVersions, versionedMark } from "./versions.js";

/** {@link ObjectLoader} on a warehouse. */
export class TableLoader implements ObjectLoader {
  readonly #parts: LoaderParts;
  #state: LoaderState;
  #began = false;
  #closed = false;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
    this.#state = parts.state;
  }

  get tables(): readonly TableSpec[] {
    const { main, children } = this.#parts.family;
    return [main, ...children].map((table) => table.spec);
  }

  get checkpoint(): Checkpoint {
    const { pass, cursor, watermark, memory } = this.#state.checkpoint;
    return { pass, cursor, watermark, memory };
  }

  get rowsBefore(): number {
    return this.#state.rowsBefore;
  }

  async begin(pass: Pass): Promise<void> {
    if (this.#state.checkpoint.pass?.id !== pass.id) {
      await this.#write(`begin a pass of ${this.#parts.object}`, async (context) => ({
        state: await beginPass(context, pass),
        result: undefined,
      }));
    }
    if (this.#state.versioned !== this.#parts.history) {
      await this.#write(`begin or end the history of ${this.#parts.object}`, async (context) => ({
        state: await switchVersions(context),
        result: undefined,
      }));
    }
    this.#began = true;
  }

  async commit(batch: Batch): Promise<LoadCounts> {
    const { object } = this.#parts;
    if (!this.#began && (batch.cursor !== null || batch.scopes.length > 0 || !batch.merge)) {
      throw new TerminalError("INTERNAL", `A batch of ${object} belongs to a pass that was not begun`);
    }
    return this.#write(`store a batch of ${object}`, async (context) => {
      const { state, began, tx } = context;
      const step = await storeBatch(context, batch);
      if (batch.settled) await settle(tx, batch.settled);
      const checkpoint: StoredCheckpoint = {
        ...state.checkpoint,
        cursor: began ? batch.cursor : state.checkpoint.cursor,
        staged: step.staged,
        sequence: state.checkpoint.sequence + step.rows,
      };
      await writeCheckpoint(tx, object, checkpoint);
      return { state: { ...state, checkpoint, absent: step.absent, waiting: step.waiting }, result: step.counts };
    });
  }

  async findAbsent(): Promise<number> {
    if (!this.#began || !tracksAbsence(this.#parts, this.#state)) return this.#state.absent;
    return this.#write(`look for absent rows of ${this.#parts.object}`, async (context) => {
      await checkStaging(context);
      const scopes = await takeScopes(context, this.#parts.object);
      const seen = { scopes, batch: [], staged: true };
      const found = scopes.length > 0 ? await recordAbsent(context, this.#parts.family.main, seen) : 0;
      const absent = context.state.absent + found;
      return { state: { ...context.state, absent }, result: absent };
    });
  }

  async absentees(limit: number): Promise<KeyValues[]> {
    if (this.#state.absent === 0) return [];
    const { store, object, family } = this.#parts;
    const { absent: table, key: columns } = family.main;
    return store.guard(`read absent rows of ${object}`, async () => {
      const answer = await store.read(
        store.dialect.statements.selectMatching(store.schema, { table, columns, limit, live: false }),
      );
      return answer.rows as KeyValues[];
    });
  }

  finish(finish: Finish): Promise<LoadCounts> {
    return this.#write(`end the pass of ${this.#parts.object}`, (context) => endPass(context, finish));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#parts.end();
    } finally {
      await this.#parts.lease.release();
    }
  }

  /** One fenced transaction; the state it leads to holds once it has committed. */
  async #write<T>(
    doing: string,
    work: (context: LoaderContext) => Promise<{ state: LoaderState; result: T }>,
  ): Promise<T> {
    const parts = this.#parts;
    const { store, lease, compareAll, versions } = parts;
    const { state, result } = await store.transaction(doing, async (tx) => {
      await checkLease(tx, store, lease);
      return work({ store, tx, compareAll, versions, parts, state: this.#state, began: this.#began });
    });
    this.#state = state;
    return result;
  }
}

async function beginPass(context: LoaderContext, pass: Pass): Promise<LoaderState> {
  const { store, tx, parts, state } = context;
  const { statements } = store.dialect;
  const { main } = parts.family;
  const { checkpoint: before } = state;
  await clearStaging(context);
  const all = await tx.run(statements.count(store.schema, main.name, false));
  const live = main.soft ? await tx.run(statements.count(store.schema, main.name, true)) : all;
  const rowsBefore = Number(live.rows[0]?.["n"]);
  const checkpoint: StoredCheckpoint = {
    ...before,
    pass,
    // An interrupted pass's cursor is not this one's; a feed's cursor outlives its pass.
    cursor: before.pass === null ? before.cursor : null,
    staged: 0,
    sequence: 0,
    rowsBefore,
    fromEmpty: Number(all.rows[0]?.["n"]) === 0,
  };
  await writeCheckpoint(tx, parts.object, checkpoint);
  return { ...state, checkpoint, rowsBefore, waiting: 0, absent: 0 };
}

/** Histories that are begun get what the tables hold; of histories that are not kept any more nobody believes that they are. */
async function switchVersions(context: LoaderContext): Promise<LoaderState> {
  const { parts, tx, state } = context;
  const kept = parts.history;
  if (kept) for (const table of [parts.family.main, ...parts.family.children]) await keepVersions(context, table);
  await writeMeta(tx, versionedMark(parts.object), kept ? "kept" : null);
  return { ...state, versioned: kept };
}
