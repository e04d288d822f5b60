import { describe } from "vitest";

import { describeCollations } from "./collations.js";
import { describeConcurrency } from "./concurrency.js";
import { describeCrashes } from "./crashes.js";
import { describeDeletes } from "./deletes.js";
import type { SchemaFactory } from "./fixture.js";
import { describeEvolution } from "./evolution.js";
import { describeFullReload } from "./full-reload.js";
import { describeHistory } from "./history.js";
import { describeLeases } from "./leases.js";
import { describeModel } from "./model.js";
import { describeOrder } from "./order.js";
import { describePasses } from "./passes.js";
import { describeQueue } from "./queue.js";
import { describeTables } from "./tables.js";
import { describeTypes } from "./types.js";
import { describeWarehouse } from "./warehouse.js";
import { describeWide } from "./wide.js";

/**
 * Everything that a dialect must do; skipped where there is no server to ask (null). What stands where:
 *
 * | point                                                                             | tests                                         |
 * | --------------------------------------------------------------------------------- | --------------------------------------------- |
 * | the SQL of all dialects side by side, then run                                    | `sql/`                                        |
 * | bulk paths, counts, staging, merging by hash and by every column                  | `passes`, `model`, `sql/merge`                |
 * | merging among readers and writers, deadlocks, two processes                       | `concurrency`, `full-reload`, `leases`        |
 * | instants, text, keys, JSON, integers, doubles, identifiers                        | `types`, `passes`, `tables`                   |
 * | columns that come, widen and go; what people added                                | `evolution`, `tables`                         |
 * | `--full`: grants, views, indexes, triggers, readers, failure in the middle        | `full-reload`                                 |
 * | versions                                                                          | `history`                                     |
 * | exactly once, crashes between statements, fencing                                 | `crashes`, `model`, `leases`                  |
 * | rights of reporting roles, schemas made and taken away                            | `warehouse`, `full-reload`                    |
 * | pair tables from both sides, public bookkeeping, parents first and last           | `order`, `deletes`                            |
 * | collations that would merge ids                                                   | `collations`, `types`                         |
 *
 * Connections, TLS, poolers and bad input are looked at from outside, in `test/e2e`.
 */
export function describeDialect(name: string, schemas: SchemaFactory | null): void {
  const newSchema: SchemaFactory = schemas ?? (() => Promise.reject(new Error(`no ${name} server`)));
  describe.skipIf(schemas === null)(`dialect ${name}`, () => {
    describeWarehouse(newSchema);
    describeLeases(newSchema);
    describeQueue(newSchema);
    describeTables(newSchema);
    describeEvolution(newSchema);
    describeTypes(newSchema);
    describeCollations(newSchema);
    describePasses(newSchema);
    describeDeletes(newSchema);
    describeHistory(newSchema);
    describeCrashes(newSchema);
    describeWide(newSchema);
    describeFullReload(newSchema);
    describeConcurrency(newSchema);
    describeOrder(newSchema);
    describeModel(newSchema);
  });
}
