import { parseDuration } from "./duration.js";
import type { ConfigProblem } from "./problems.js";
import type { KeyPath, SourceMap } from "./source-map.js";
import type { Schedule } from "./types.js";

/** `schedule:` as the option table lets it through. */
export interface ScheduleOptions {
  readonly cron?: string | undefined;
  readonly every?: string | undefined;
  readonly startAt?: string | undefined;
  readonly timezone?: string | undefined;
  readonly active?: boolean | undefined;
}

/** Reads a schedule: either cron or every, in a time zone that exists. */
export async function parseSchedule(
  options: ScheduleOptions,
  at: KeyPath,
  source: SourceMap,
): Promise<Schedule | { readonly problems: readonly ConfigProblem[] }> {
  const problems: ConfigProblem[] = [];
  const timezone = options.timezone ?? "UTC";
  const active = options.active ?? true;
  if (!isTimeZone(timezone)) {
    problems.push({
      where: source.whereValue([...at, "timezone"]),
      message: `timezone must be a name of the IANA database, e.g. Europe/Berlin, not "${timezone}".`,
    });
  }
  const everyMs = options.every === undefined ? null : parseDuration(options.every);
  if (options.cron !== undefined && options.every !== undefined) {
    problems.push({ where: source.whereKey([...at, "every"]), message: "Give cron or every, not both." });
  } else if (options.cron === undefined && everyMs === null) {
    problems.push({
      where: source.whereKey(at),
      message: 'A schedule needs cron (e.g. "0 2 * * *") or every (e.g. 15m).',
    });
  }
  if (options.startAt !== undefined && options.every === undefined) {
    problems.push({
      where: source.whereKey([...at, "startAt"]),
      message: "startAt goes with every; a cron expression says its time itself.",
    });
  }
  const fault = options.cron === undefined ? null : await cronFault(options.cron);
  if (fault !== null) problems.push({ where: source.whereValue([...at, "cron"]), message: fault });
  if (problems.length > 0) return { problems };
  if (options.cron !== undefined) return { kind: "cron", cron: options.cron, timezone, active };
  return { kind: "every", everyMs: everyMs ?? 0, startAt: options.startAt ?? null, timezone, active };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

async function cronFault(expression: string): Promise<string | null> {
  const fields = expression.trim().split(/\s+/).length;
  if (fields !== 5)
    return `cron must have five fields (minute hour day month weekday), e.g. "0 2 * * *"; this has ${fields}.`;
  // Loaded only for files that have a cron expression.
  const { Cron } = await import("croner");
  try {
    const next = new Cron(expression, { paused: true }).nextRun();
    return next === null ? "cron names a time that never comes." : null;
  } catch (error) {
    return `cron is not understood: ${error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error)}.`;
  }
}
