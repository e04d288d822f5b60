import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { messageOf, TerminalError } from "@tidemark/kernel";

import { parseConnections } from "./connections.js";
import { expandTree } from "./expand.js";
import { pipelineOptions } from "./options.js";
import { parsePipelines } from "./pipelines.js";
import { ConfigError, type ConfigProblem } from "./problems.js";
import { SourceMap } from "./source-map.js";
import type { Config } from "./types.js";
import { isRecord, unknownKey } from "./validate.js";

/** Name of the configuration file unless `--config` names another. */
export const DEFAULT_FILE = "tidemark.yaml";

const TOP_LEVEL = ["connections", "pipelines"];

/** Where to read from. */
export interface LoadOptions {
  /** Path as the user gave it; shown in messages. Default {@link DEFAULT_FILE}. */
  readonly file?: string;
  /** Environment for references. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A relative `file` starts here. Default: the working directory. */
  readonly cwd?: string;
}

/**
 * Reads and checks a configuration file. References in connections stay unresolved until `resolveConnection`; those in
 * pipelines are looked up now. Throws CONFIG_NOT_FOUND, or a {@link ConfigError} with every fault, its place and what
 * is allowed.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<Config> {
  const file = options.file ?? DEFAULT_FILE;
  const path = resolve(options.cwd ?? process.cwd(), file);
  return parseConfig(await readText(file, path), { file, folder: dirname(path), env: options.env ?? process.env });
}

async function readText(file: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new TerminalError(
      "CONFIG_NOT_FOUND",
      missing
        ? `There is no configuration file ${file}.`
        : `The configuration file ${file} cannot be read: ${messageOf(error)}.`,
      {
        where: path,
        remedy: "Run `tidemark init` to write one, or name another with --config FILE.",
        cause: error,
      },
    );
  }
}

/** {@link loadConfig} for a text that is there already. */
export async function parseConfig(
  text: string,
  context: {
    readonly file: string;
    readonly folder: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): Promise<Config> {
  const source = SourceMap.parse(context.file, text);
  const problems: ConfigProblem[] = source.duplicates();
  const root = source.toJS();
  if (!isRecord(root)) {
    throw new ConfigError("CONFIG_INVALID", [
      {
        where: source.place([]),
        message: "The file must be a map with connections and pipelines. `tidemark init` writes a first one.",
      },
    ]);
  }
  for (const key of Object.keys(root)) {
    if (!TOP_LEVEL.includes(key)) problems.push({ where: source.whereKey([key]), message: unknownKey(key, TOP_LEVEL) });
  }
  const connections = parseConnections(root["connections"], source);
  const expanded = await expandTree(root["pipelines"], {
    at: ["pipelines"],
    source,
    schemaFor: () => pipelineOptions,
    ...context,
  });
  const pipelines = await parsePipelines(expanded.value, source, connections.connections);
  problems.push(...connections.problems, ...expanded.problems, ...pipelines.problems);
  if (problems.length > 0) throw new ConfigError("CONFIG_INVALID", problems);
  return {
    file: context.file,
    folder: context.folder,
    connections: connections.connections,
    pipelines: pipelines.pipelines,
    notes: connections.notes,
    env: context.env,
    source,
  };
}
