import { PassThrough } from "node:stream";

import type { ObjectReport, RunReport } from "@tidemark/pipeline";
import { expect, test } from "vitest";

import type { Io } from "./io.js";
import { printRun } from "./run-summary.js";

function line(object: string, more: Partial<ObjectReport> = {}): ObjectReport {
  return {
    object,
    mode: "incremental",
    status: "succeeded",
    read: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    deleted: 0,
    requests: 0,
    throttledMs: 0,
    watermark: null,
    expected: false,
    degraded: false,
    rejected: 0,
    warnings: [],
    ...more,
  };
}

function printed(objects: readonly ObjectReport[]): string {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const report: RunReport = {
    pipeline: "nightly",
    run: "1",
    status: "succeeded",
    startedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: "2026-01-01T00:00:01.000Z",
    requests: 3,
    completeAsOf: null,
    dryRun: false,
    objects,
    warnings: [],
  };
  printRun({ stdout, stderr, env: {} } as unknown as Io, report);
  return String(stdout.read());
}

test("of many objects those are told that have news, the others are counted", () => {
  const many = Array.from({ length: 40 }, (_, at) => line(`object_${at}`));
  const text = printed([...many, line("users", { read: 7 }), line("brands", { status: "denied" })]);
  expect(text).toMatch(/^users /m);
  expect(text).toMatch(/^brands +incremental +denied/m);
  expect(text).not.toContain("object_3");
  expect(text).toContain("40 other objects of which there was nothing to read");
});

test("a remedy that several objects have in common stands once, below them", () => {
  const denied = (remedy: string): Partial<ObjectReport> => ({
    status: "denied",
    error: { code: "OKTA_DENIED", message: "no", remedy },
  });
  const text = printed([line("brands", denied("ask")), line("themes", denied("ask")), line("zones", denied("pay"))]);
  expect(text).toContain(
    "brands: no (OKTA_DENIED)\nthemes: no (OKTA_DENIED)\n  remedy: ask\nzones: no (OKTA_DENIED)\n  remedy: pay\n",
  );
});

test("few objects are all told", () => {
  const text = printed([line("users"), line("groups")]);
  expect(text).toMatch(/^users [^]*^groups /m);
  expect(text).not.toContain("other object");
});
