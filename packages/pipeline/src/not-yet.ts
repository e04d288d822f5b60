import type { Pipeline } from "@tidemark/config";

/** What a run says about a schedule, which this version reads and does not keep. */
export function scheduleNote(pipeline: Pipeline): string[] {
  if (pipeline.schedule === null || !pipeline.schedule.active) return [];
  return [
    `The schedule of ${pipeline.name} is not kept by this version, nothing runs by itself: put \`tidemark replicate ${pipeline.name}\` into cron or another scheduler`,
  ];
}
