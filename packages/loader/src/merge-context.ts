import type { Store, WarehouseTransaction } from "@tidemark/warehouse";

import type { VersionTimes } from "./event-times.js";

/** What every step of a transaction works with. */
export interface MergeContext {
  readonly store: Store;
  readonly tx: WarehouseTransaction;
  /** Rows are told apart by all their columns, not by their hash. */
  readonly compareAll: boolean;
  /** Null: nobody tells the times of versions, and no history is kept. */
  readonly versions: VersionTimes | null;
}
