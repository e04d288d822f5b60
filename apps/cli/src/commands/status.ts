import { parseDuration } from "@tidemark/config";
import { TerminalError } from "@tidemark/kernel";
import { exitCodeOfStatus, type ObjectState, type PipelineStatus, status } from "@tidemark/pipeline";

import type { Invocation } from "../command.js";
import { type Io, type Paint, paintFor, print, printJson } from "../io.js";
import { pipelineNamed, readConfig } from "../pipelines.js";
import { formatCount, formatMs, formatTable, plural } from "../text.js";

/** `tidemark status`: what the warehouse remembers of the last runs. */
export async function run(io: Io, invocation: Invocation): Promise<number> {
  const { args, options } = invocation;
  const config = await readConfig(io, invocation);
  const maxAgeMs = ageOf(options["maxAge"]);
  const report = await status({
    config,
    ...(args[0] === undefined ? {} : { pipeline: pipelineNamed(config, args[0]).name }),
    ...(maxAgeMs === null ? {} : { maxAgeMs }),
  });
  if (options["json"] === true) printJson(io, report);
  else report.pipelines.forEach((pipeline, index) => printPipeline(io, pipeline, index > 0));
  return exitCodeOfStatus(report);
}

function ageOf(text: unknown): number | null {
  if (typeof text !== "string") return null;
  const ms = parseDuration(text);
  if (ms === null) throw new TerminalError("USAGE", `--max-age must be a duration such as 26h or 90m, not "${text}".`);
  return ms;
}

function printPipeline(io: Io, pipeline: PipelineStatus, separated: boolean): void {
  const paint = paintFor(io.stdout, io.env);
  const { lastRun, error } = pipeline;
  print(
    io.stdout,
    ...(separated ? [""] : []),
    `${paint.bold(pipeline.pipeline)} into ${pipeline.destination}${pipeline.org === null ? "" : `, org ${pipeline.org.url}`}`,
  );
  if (error !== null) {
    print(
      io.stdout,
      `${error.message} (${error.code})`,
      ...(error.remedy === undefined ? [] : [`  remedy: ${error.remedy}`]),
    );
    return;
  }
  if (lastRun !== null) {
    const when = lastRun.finishedAt === null ? `started ${lastRun.startedAt}` : `ended ${lastRun.finishedAt}`;
    const requests = lastRun.requests === null ? "" : `, ${plural(lastRun.requests, "request")}`;
    const asOf = lastRun.completeAsOf === null ? "" : `, complete as of ${lastRun.completeAsOf}`;
    print(io.stdout, `Last run ${lastRun.status}, ${when}${requests}${asOf}`);
    if (lastRun.error !== null) print(io.stdout, `  ${lastRun.error.message} (${lastRun.error.code})`);
  }
  const titles = [
    { title: "OBJECT" },
    { title: "STATUS" },
    { title: "ROWS", right: true },
    { title: "WATERMARK" },
    { title: "AGE", right: true },
  ];
  if (pipeline.objects.length > 0)
    print(
      io.stdout,
      "",
      ...formatTable(
        titles,
        pipeline.objects.map((object) => rowOf(object, paint)),
      ),
    );
  const notes = pipeline.objects.flatMap(notesOf);
  if (notes.length > 0) print(io.stdout, "", ...notes);
}

function rowOf(object: ObjectState, paint: Paint): string[] {
  const age = object.ageMs === null ? "" : formatMs(Math.max(0, object.ageMs));
  return [
    object.object,
    object.status ?? "never tried",
    object.rows === null ? "" : formatCount(object.rows),
    object.watermark ?? "",
    object.stale ? paint.red(`${age === "" ? "never" : age} (too old)`) : age,
  ];
}

function notesOf(object: ObjectState): string[] {
  return [
    ...(object.error === null ? [] : [`${object.object}: ${object.error.message} (${object.error.code})`]),
    ...(object.degraded === null ? [] : [`${object.object}: degraded, ${object.degraded}`]),
    ...(object.pending === 0 ? [] : [`${object.object}: ${plural(object.pending, "change")} still to be read`]),
  ];
}
