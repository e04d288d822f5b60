import { describe, expect, it } from "vitest";

import { absentName, historyName, stageName } from "./names.js";

describe("names that the loader makes of a table's", () => {
  it("say which table they belong to, where that is short enough", () => {
    const limits = { identifierBytes: 63 };
    expect(stageName("users_2", limits)).toBe("_tidemark_stage_users_2");
    expect(absentName("users", limits)).toBe("_tidemark_absent_users");
    expect(historyName("users_2", limits)).toBe("users_2_history");
  });

  it("stay what they are from one version of Tidemark to the next", () => {
    const limits = { identifierBytes: 63 };
    expect(stageName("t".repeat(61), limits)).toBe(`_tidemark_stage_${"t".repeat(38)}_a31d295b`);
    expect(historyName("t".repeat(61), limits)).toBe(`${"t".repeat(54)}_5de07f29`);
  });

  it.each([63, 64, 128])(
    "are the same every time within %i bytes, and differ where the tables' do",
    (identifierBytes) => {
      const tables = ["1", "2", "ä", ""].map((end) => "t".repeat(identifierBytes - 2) + end);
      const names = [stageName, absentName, historyName].flatMap((name) =>
        tables.map((table) => name(table, { identifierBytes })),
      );
      expect(new Set(names).size).toBe(12);
      for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(identifierBytes);
      expect(stageName(tables[0] ?? "", { identifierBytes })).toBe(names[0]);
    },
  );
});
