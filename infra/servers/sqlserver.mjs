import { dockerRuns, startService } from "./docker.mjs";

/** SQL Server for the tests: a container, or none. */
export const sqlserver = {
  name: "SQL Server",
  variable: "TIDEMARK_TEST_SQLSERVER_URL",
  ways: [fromDocker],
  otherwise: "no TIDEMARK_TEST_SQLSERVER_URL and no Docker engine: SQL Server has no package",
};

async function fromDocker() {
  if (!(await dockerRuns())) return null;
  const { port, ...service } = await startService("sqlserver", 1433);
  return { ...service, url: `sqlserver://sa:Tidemark_2022@127.0.0.1:${port}/tidemark` };
}
