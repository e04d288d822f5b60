import { parseConfig } from "@tidemark/config";
import type { Clock } from "@tidemark/kernel";
import type { Simulator } from "@tidemark/okta-simulator";
import { replicate } from "../../packages/pipeline/src/replicate.js";
import type { RunReport } from "../../packages/pipeline/src/report.js";
import type { ReplicateOptions } from "../../packages/pipeline/src/run.js";

/** A configuration with one Okta connection (`acme`), one warehouse and one pipeline (`nightly`). */
export function testConfig(options: {
  sim: Pick<Simulator, "url" | "token">;
  databaseUrl: string;
  schema: string;
  type?: "postgres" | "mysql" | "sqlserver";
  pipeline?: string;
  /** Further lines of the warehouse's connection. */
  connection?: string;
}): string {
  return `connections:
  acme:
    type: okta
    orgUrl: ${options.sim.url}
    token: ${options.sim.token}
  warehouse:
    type: ${options.type ?? "postgres"}
    url: ${options.databaseUrl}
    schema: ${options.schema}
${(options.connection ?? "").replaceAll(/^(?=.)/gm, "    ")}
pipelines:
  nightly:
    source: acme
    destination: warehouse
${(options.pipeline ?? "objects: core").replaceAll(/^/gm, "    ")}
`;
}

/** Runs the pipeline `nightly` of {@link testConfig}. */
export async function run(
  yaml: string,
  options: Partial<ReplicateOptions> & { clock?: Clock } = {},
): Promise<RunReport> {
  const config = await parseConfig(yaml, { file: "tidemark.yaml", folder: process.cwd(), env: {} });
  return replicate({ config, pipeline: "nightly", ...options });
}
