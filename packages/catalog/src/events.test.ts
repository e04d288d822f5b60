import { existsSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { isKnownEvent } from "./events.js";
import { OBJECTS } from "./objects.js";
import { FACTS } from "./testing/openapi.js";

const file = new URL("protocol.md", FACTS);
const facts = existsSync(file) ? readFileSync(file, "utf8") : null;

describe("event types", () => {
  it("are known by rule, by name or by beginning; others are not", () => {
    for (const { events } of OBJECTS)
      for (const { types } of events) expect(types.filter((type) => !isKnownEvent(type))).toEqual([]);
    expect(isKnownEvent("user.session.start")).toBe(true);
    expect(isKnownEvent("galaxy.wormhole.open")).toBe(false);
    expect(isKnownEvent("user.sessions")).toBe(false);
  });

  it.skipIf(facts === null)(
    "of Okta's catalogue are all declared, and no rule waits for one that does not exist",
    () => {
      const catalogue = (facts ?? "").slice((facts ?? "").indexOf("## Appendix B"));
      const types = [...catalogue.matchAll(/^- ([a-z0-9_]+(?:\.[A-Za-z0-9_]+)+)/gm)].map((match) => match[1] ?? "");
      expect(types.length).toBeGreaterThan(400);
      expect(types.filter((type) => !isKnownEvent(type))).toEqual([]);
      const mapped = OBJECTS.flatMap(({ events }) => events.flatMap((rule) => rule.types));
      expect(mapped.filter((type) => !(facts ?? "").includes(type))).toEqual([]);
    },
  );
});
