import { afterEach, describe, expect, test } from "vitest";

import { createKillable, type Killable } from "./killable.js";
import { createRandom } from "./random.js";
import { FAULTY_WAREHOUSES } from "./warehouses.js";

let target: Killable;
afterEach(() => target.close());

const DONE = { code: 0, report: { status: "succeeded" } };

for (const kind of FAULTY_WAREHOUSES) {
  describe.skipIf(kind.place === null)(`two runs of one pipeline into ${kind.name} at once`, () => {
    /** Both end, and each either did its objects or says who has them. */
    async function runBoth(flags: readonly string[] = []): Promise<void> {
      const both = await Promise.all([target.run(flags), target.run(flags)]);
      const wrong = both.flatMap(({ code, report, stderr }) => {
        if (code !== 0 && code !== 3 && code !== 1) return [stderr];
        const objects = report?.objects ?? [];
        return objects
          .filter(
            ({ status, error }) => status !== "succeeded" && !(status === "skipped" && error?.code === "LEASE_HELD"),
          )
          .map(({ object, status, error }) => `${object}: ${status} ${error?.code ?? ""} ${error?.message ?? ""}`);
      });
      expect(wrong).toEqual([]);
      expect(both.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    }

    test("nothing is lost or doubled: first loads, increments, full runs", { timeout: 400_000 }, async () => {
      target = await createKillable({ kind, users: 600, latencyMs: 30 });
      const random = createRandom(4);
      for (const flags of [[], [], ["--reconcile"], ["--full"]]) {
        await runBoth(flags);
        target.change(random, 4);
      }
      for (let again = 0; again < 2; again += 1) {
        target.quiet();
        expect(await target.run()).toMatchObject(DONE);
      }
      expect(await target.differences()).toEqual([]);
      expect(await target.leftovers()).toEqual([]);
    });
  });
}
