// Writes packages/catalog/OBJECTS.md and the parts of README.md that are made from the code; test/architecture/readme.test.ts knows how.
import { join } from "node:path";

import { ROOT, run } from "./run.mjs";

const vitest = [process.execPath, join(ROOT, "node_modules", "vitest", "vitest.mjs")];
const { code } = await run([...vitest, "run", "test/architecture/readme.test.ts"], {
  show: true,
  env: { TIDEMARK_WRITE_README: "1" },
});
process.exit(code);
