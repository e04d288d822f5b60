import { type Config, didYouMean, loadConfig } from "@tidemark/config";
import { TerminalError } from "@tidemark/kernel";

import type { Invocation } from "./command.js";
import { type Io, print } from "./io.js";

/** Reads the configuration that `--config` names and says what was corrected in it. */
export async function readConfig(io: Io, { options }: Invocation): Promise<Config> {
  const config = await loadConfig({ file: String(options["config"]), env: io.env, cwd: io.cwd });
  for (const note of config.notes) print(io.stderr, `note: ${note}`);
  return config;
}

/** The pipeline of that name; left out, the only one. Throws USAGE with the names there are. */
export function pipelineNamed(config: Config, name: string | undefined): string {
  const names = [...config.pipelines.keys()];
  if (name !== undefined && config.pipelines.has(name)) return name;
  const there = names.length === 0 ? `${config.file} has no pipeline.` : `Pipelines there: ${names.join(", ")}.`;
  const message =
    name === undefined
      ? "Name a pipeline."
      : `There is no pipeline "${name}" in ${config.file}.${didYouMean(name, names)}`;
  throw new TerminalError("USAGE", message, { where: config.file, remedy: there });
}
