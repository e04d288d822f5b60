import { describe } from "vitest";

import { describeDeletes } from "./deletes.js";
import type { SchemaFactory } from "./fixture.js";
import { describeLeases } from "./leases.js";
import { describeModel } from "./model.js";
import { describePasses } from "./passes.js";
import { describeQueue } from "./queue.js";
import { describeTables } from "./tables.js";
import { describeWarehouse } from "./warehouse.js";

/** Everything that a dialect must do. */
export function describeDialect(name: string, newSchema: SchemaFactory): void {
  describe(`dialect ${name}`, () => {
    describeWarehouse(newSchema);
    describeLeases(newSchema);
    describeQueue(newSchema);
    describeTables(newSchema);
    describePasses(newSchema);
    describeDeletes(newSchema);
    describeModel(newSchema);
  });
}
