import { defineObject, objectNamed } from "@tidemark/catalog";
import { describe, expect, it } from "vitest";

import { declaredPart } from "./declared-part.js";

describe("declaredPart", () => {
  it("keeps of a member what the table stores", () => {
    const members = objectNamed("group_members");
    const pick = members && declaredPart(members);
    expect(pick?.({ id: "00u1", status: "ACTIVE", profile: { login: "a@example.com" } })).toEqual({ id: "00u1" });
    expect(pick?.(null)).toBeNull();
    expect(pick?.(["00u1"])).toEqual(["00u1"]);
  });

  it("leaves objects alone of which everything is stored", () => {
    const users = objectNamed("users");
    expect(users && declaredPart(users)).toBeUndefined();
  });

  it("keeps nested values, second links, child collections and what row filters look at", () => {
    const members = objectNamed("group_members");
    if (!members) throw new Error("no group_members");
    const pick = declaredPart(
      defineObject({
        ...members,
        columns: [
          { path: ["id"], type: "text" },
          { path: ["a", "b"], type: "text", orLink: ["_links", "b", "href"] },
          { path: ["a", "c"], type: "text" },
        ],
        rowFilters: { status: ["state", "now"] },
      }),
    );
    const item = {
      id: "1",
      a: { b: null, c: 2, d: 3 },
      _links: { b: { href: "x/y" }, c: 1 },
      state: { now: "up", was: "down" },
      more: 1,
    };
    expect(pick?.(item)).toEqual({
      id: "1",
      a: { b: null, c: 2 },
      _links: { b: { href: "x/y" } },
      state: { now: "up" },
    });
  });
});
