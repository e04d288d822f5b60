import type { Config, Pipeline } from "@tidemark/config";
import { TerminalError } from "@tidemark/kernel";

/**
 * Refuses what the file may say but this version does not do: what somebody counts on must not be left out silently.
 * @throws TerminalError CONFIG_INVALID for `retain`.
 */
export function refuseNotYet(config: Config, pipeline: Pipeline): void {
  const retained = pipeline.objects.find((selection) => selection.retainMs !== null);
  if (retained === undefined) return;
  throw new TerminalError("CONFIG_INVALID", "Old rows are not dropped by this version", {
    where: config.source.whereKey(["pipelines", pipeline.name, "objects", retained.object, "retain"]),
    remedy: "Leave retain out: rows stay until they are deleted by hand",
  });
}

/** What a run says about a schedule, which this version reads and does not keep. */
export function scheduleNote(pipeline: Pipeline): string[] {
  if (pipeline.schedule === null || !pipeline.schedule.active) return [];
  return [
    `The schedule of ${pipeline.name} is not kept by this version, nothing runs by itself: put \`tidemark replicate ${pipeline.name}\` into cron or another scheduler`,
  ];
}
