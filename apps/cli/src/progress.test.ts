import type { ProgressEvent } from "@tidemark/pipeline";
import { expect, test, vi } from "vitest";

import { ProgressView } from "./progress.js";

const EVENT: ProgressEvent = {
  object: "users",
  phase: "listing",
  mode: "full",
  read: 0,
  total: 10_000,
  requests: 1,
  throttledMs: 0,
};

function view(terminal: boolean) {
  vi.useFakeTimers();
  let written = "";
  const stderr = { write: (text: string) => (written += text), isTTY: terminal, columns: 200 };
  const progress = new ProgressView({ stderr, env: { NO_COLOR: "1" } });
  progress.start();
  return {
    progress,
    take: (): string => {
      const text = written;
      written = "";
      return text;
    },
  };
}

test("without a terminal: a line every five seconds with rows, rate and ETA, and one at the end", () => {
  const { progress, take } = view(false);
  progress.update(EVENT);
  vi.advanceTimersByTime(4_900);
  expect(take()).toBe("");
  progress.update({ ...EVENT, read: 5_000, requests: 25, throttledMs: 2_000 });
  vi.advanceTimersByTime(100);
  expect(take()).toBe(
    "users (full): 5,000 of about 10,000 read, 1,000/s, ETA 5.0s, 25 requests, waited 2.0s for Okta's limits\n",
  );
  progress.update({ ...EVENT, read: 10_000, requests: 50, phase: "done", status: "succeeded" });
  expect(take()).toBe("✓ users (full): 10,000 read, 50 requests, 5.0s\n");
  progress.stop();
  vi.useRealTimers();
});

test("what had nothing to read has no line, unless it did not end well", () => {
  const { progress, take } = view(false);
  const quiet = { ...EVENT, read: 0, requests: 0, phase: "done" } as const;
  progress.update({ ...quiet, object: "brands", status: "succeeded" });
  expect(take()).toBe("");
  progress.update({ ...quiet, object: "themes", status: "skipped" });
  progress.update({ ...quiet, object: "groups", status: "succeeded", requests: 1 });
  expect(take()).toBe("! themes (full): skipped, 0 read, 0 requests, 0.0s\n✓ groups (full): 0 read, 1 request, 0.0s\n");
  progress.stop();
  vi.useRealTimers();
});

test("on a terminal: bars that are drawn over, and gone when the run ends", () => {
  const { progress, take } = view(true);
  progress.update(EVENT);
  vi.advanceTimersByTime(1_000);
  progress.update({ ...EVENT, read: 5_000 });
  take();
  vi.advanceTimersByTime(100);
  const drawn = take();
  expect(drawn.startsWith("\u001B[1A\u001B[0J")).toBe(true);
  expect(drawn).toContain("██████████░░░░░░░░░░ users (full): 5,000 of about 10,000 read");
  progress.stop();
  expect(take()).toBe("\u001B[1A\u001B[0J");
  vi.useRealTimers();
});
