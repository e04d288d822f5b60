import { type Config, didYouMean, loadConfig, type Pipeline } from "@tidemark/config";
import { TerminalError } from "@tidemark/kernel";

import type { Invocation } from "./command.js";
import { type Io, print } from "./io.js";

/** Reads the configuration that `--config` names. */
export async function loadNamed(io: Io, { options }: Invocation): Promise<Config> {
  return loadConfig({ file: String(options["config"]), env: io.env, cwd: io.cwd });
}

/** {@link loadNamed}, and says on stderr what was corrected in it. */
export async function readConfig(io: Io, invocation: Invocation): Promise<Config> {
  const config = await loadNamed(io, invocation);
  for (const note of config.notes) print(io.stderr, `note: ${note}`);
  return config;
}

/** The pipeline of that name. Throws USAGE with the names there are. */
export function pipelineNamed(config: Config, name: string | undefined): Pipeline {
  const names = [...config.pipelines.keys()];
  const pipeline = name === undefined ? undefined : config.pipelines.get(name);
  if (pipeline !== undefined) return pipeline;
  const there = names.length === 0 ? `${config.file} has no pipeline.` : `Pipelines there: ${names.join(", ")}.`;
  const guess = name === undefined ? "" : didYouMean(name, names);
  throw new TerminalError("USAGE", `There is no pipeline "${name ?? ""}" in ${config.file}.${guess}`, {
    where: config.file,
    remedy: there,
  });
}
