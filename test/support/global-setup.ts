import type { TestProject } from "vitest/node";

import { startEmbeddedPostgres } from "./embedded-postgres.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of the PostgreSQL that this test run may use. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for the whole test run: the one of TIDEMARK_TEST_POSTGRES_URL, or an embedded one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["TIDEMARK_TEST_POSTGRES_URL"];
  const own = given ? null : await startEmbeddedPostgres();
  const url = given ?? own?.url ?? "";
  project.provide("postgresUrl", url);
  return async () => own?.stop();
}
