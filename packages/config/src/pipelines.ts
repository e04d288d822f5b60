import { objectNamed, objectOfAlias } from "@tidemark/catalog";

import { parseDuration } from "./duration.js";
import { parseObjects, unknownObject } from "./objects.js";
import { pipelineOptions } from "./options.js";
import { type ConfigProblem, orList } from "./problems.js";
import { parseSchedule } from "./schedule.js";
import type { KeyPath, SourceMap } from "./source-map.js";
import { didYouMean } from "./suggest.js";
import type { ConnectionDeclaration, ObjectSelection, Pipeline } from "./types.js";
import { findProblems, isRecord } from "./validate.js";

const DAY_MS = 86_400_000;

/** What `pipelines:` stands for. */
export interface ParsedPipelines {
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  readonly problems: readonly ConfigProblem[];
}

interface Context {
  readonly source: SourceMap;
  readonly connections: ReadonlyMap<string, ConnectionDeclaration>;
  readonly problems: ConfigProblem[];
}

/** Reads `pipelines:`, whose references are resolved already. A file without pipelines is allowed. */
export async function parsePipelines(
  value: unknown,
  source: SourceMap,
  connections: ReadonlyMap<string, ConnectionDeclaration>,
): Promise<ParsedPipelines> {
  const pipelines = new Map<string, Pipeline>();
  const context: Context = { source, connections, problems: [] };
  if (value !== undefined && value !== null && !isRecord(value)) {
    context.problems.push({
      where: source.whereKey(["pipelines"]),
      message: "pipelines must be a map of names to pipelines.",
    });
  }
  for (const [name, raw] of Object.entries(isRecord(value) ? value : {})) {
    const pipeline = await parsePipeline(name, raw, context);
    if (pipeline !== null) pipelines.set(name, pipeline);
  }
  return { pipelines, problems: context.problems };
}

async function parsePipeline(name: string, raw: unknown, context: Context): Promise<Pipeline | null> {
  const at = ["pipelines", name];
  const { source, problems } = context;
  if (!isRecord(raw)) {
    problems.push({ where: source.whereKey(at), message: "The pipeline must be a map with source and destination." });
    return null;
  }
  const found = findProblems({ schema: pipelineOptions, value: raw, at, source });
  const objects = parseObjects(raw["objects"], [...at, "objects"], source);
  problems.push(...found, ...objects.problems);
  const parsed = pipelineOptions.safeParse(raw);
  if (!parsed.success) return null;
  const options = parsed.data;
  checkEnds(options, at, context);
  checkHistory(options.history ?? [], objects.selections, { at, ...context });
  const schedule =
    options.schedule === undefined ? null : await parseSchedule(options.schedule, [...at, "schedule"], source);
  if (schedule !== null && "problems" in schedule) problems.push(...schedule.problems);
  return {
    name,
    source: options.source,
    destination: options.destination,
    objects: objects.selections,
    deletes: options.deletes ?? "hard",
    history: options.history ?? [],
    reconcileEveryMs: parseDuration(options.reconcile?.every ?? "") ?? DAY_MS,
    schedule: schedule === null || "problems" in schedule ? null : schedule,
    where: source.place(at),
  };
}

function checkEnds(
  options: { readonly source: string; readonly destination: string },
  at: KeyPath,
  context: Context,
): void {
  for (const end of ["source", "destination"] as const) {
    const name = options[end];
    const connection = context.connections.get(name);
    const fits = (candidate: ConnectionDeclaration): boolean => (candidate.type === "okta") === (end === "source");
    const candidates = [...context.connections.values()].filter(fits).map((candidate) => candidate.name);
    const choice =
      candidates.length === 0
        ? "There is none in the file."
        : `There ${candidates.length === 1 ? "is" : "are"}: ${candidates.join(", ")}.`;
    const where = context.source.whereValue([...at, end]);
    if (connection === undefined) {
      context.problems.push({
        where,
        message: `${end} names the connection "${name}", which is not under connections.${didYouMean(name, candidates)} ${choice}`,
      });
    } else if (!fits(connection)) {
      const wanted = end === "source" ? "an Okta connection" : "a database or csv connection";
      context.problems.push({
        where,
        message: `${end} must be ${wanted}; "${name}" is of type ${connection.type}. ${choice}`,
      });
    }
  }
}

function checkHistory(
  history: readonly string[],
  selections: readonly ObjectSelection[],
  context: Context & { readonly at: KeyPath },
): void {
  history.forEach((name, index) => {
    const where = context.source.whereValue([...context.at, "history", index]);
    if (objectNamed(name) === undefined) {
      const alias = objectOfAlias(name)?.name;
      context.problems.push({
        where,
        message: alias === undefined ? unknownObject(name) : `Unknown object "${name}". Did you mean "${alias}"?`,
      });
    } else if (!selections.some(({ object }) => object === name)) {
      context.problems.push({
        where,
        message: `history names ${name}, which this pipeline does not replicate. It has: ${orList(selections.map(({ object }) => object))}.`,
      });
    }
  });
}
