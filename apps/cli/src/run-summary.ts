import type { ObjectReport, RunReport } from "@tidemark/pipeline";

import { type Io, type Paint, paintFor, print } from "./io.js";
import { formatCount, formatMs, formatTable, plural } from "./text.js";

const COLUMNS = [
  { title: "OBJECT" },
  { title: "MODE" },
  { title: "STATUS" },
  { title: "READ", right: true },
  { title: "INSERTED", right: true },
  { title: "UPDATED", right: true },
  { title: "DELETED", right: true },
  { title: "REQUESTS", right: true },
  { title: "WAITED", right: true },
];

/** Prints what a run did: a table of objects, what went wrong with which, and one closing line. */
export function printRun(io: Io, report: RunReport): void {
  const paint = paintFor(io.stdout, io.env);
  const told = report.objects.length > MOST_QUIET_ROWS ? report.objects.filter(isNews) : report.objects;
  if (told.length > 0) print(io.stdout, ...formatTable(COLUMNS, told.map(rowOf)));
  const others = report.objects.length - told.length;
  if (others > 0) print(io.stdout, `${plural(others, "other object")} of which there was nothing to read`);
  const notes = [...notesOf(report.objects), ...report.warnings];
  if (notes.length > 0) print(io.stdout, "", ...notes);
  if (report.error !== undefined) {
    print(io.stderr, `${paintFor(io.stderr, io.env).red("error:")} ${report.error.message}`);
    if (report.error.remedy !== undefined) print(io.stderr, `  remedy: ${report.error.remedy}`);
    print(io.stderr, `  code: ${report.error.code}`);
  }
  print(io.stdout, ...(report.objects.length > 0 ? [""] : []), closingLine(report, paint));
}

/** With more objects than this those of which there was nothing to read are counted, not listed. */
const MOST_QUIET_ROWS = 30;

function isNews({ status, read, deleted, requests, degraded, warnings }: ObjectReport): boolean {
  return status !== "succeeded" || read + deleted + requests > 0 || degraded || warnings.length > 0;
}

function rowOf(object: ObjectReport): string[] {
  return [
    object.object,
    object.mode,
    object.degraded ? `${object.status} (degraded)` : object.status,
    formatCount(object.read),
    formatCount(object.inserted),
    formatCount(object.updated),
    formatCount(object.deleted),
    formatCount(object.requests),
    object.throttledMs >= 1000 ? formatMs(object.throttledMs) : "",
  ];
}

/** What went wrong with which object; a remedy that several in a row have in common stands once, below them. */
function notesOf(objects: readonly ObjectReport[]): string[] {
  const faults = objects.filter(({ error }) => error !== undefined);
  const told = faults.flatMap(({ object, error }, index) => {
    const remedy = error?.remedy;
    const isLast = remedy !== undefined && faults[index + 1]?.error?.remedy !== remedy;
    return [`${object}: ${error?.message} (${error?.code})`, ...(isLast ? [`  remedy: ${remedy}`] : [])];
  });
  const others = objects.flatMap(({ object, rejected, warnings }) => [
    ...(rejected === 0 ? [] : [`${object}: ${plural(rejected, "item")} could not become rows`]),
    ...warnings.map((warning) => `${object}: ${warning}`),
  ]);
  return [...told, ...others];
}

function closingLine(report: RunReport, paint: Paint): string {
  const took = formatMs(Date.parse(report.finishedAt) - Date.parse(report.startedAt));
  const colour = { succeeded: paint.green, partial: paint.yellow, failed: paint.red, interrupted: paint.yellow }[
    report.status
  ];
  const dry = report.dryRun ? " (dry run: nothing was changed)" : "";
  const asOf = report.completeAsOf === null ? "" : `, complete as of ${report.completeAsOf}`;
  return `${report.pipeline}: ${colour(report.status)}${dry} in ${took}, ${plural(report.requests, "request")}${asOf}`;
}
