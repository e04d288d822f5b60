import fc from "fast-check";
import { expect, test } from "vitest";
import { nextLink, parseLinks } from "./links.js";

test("finds next when links are joined by commas and URLs hold commas, quotes and semicolons", () => {
  const search = 'https://acme.okta.com/api/v1/users?search=profile.login eq "a,b; rel=\\"next\\""&limit=200';
  const header = `<${search}>; rel="self", <https://acme.okta.com/api/v1/users?after=1,2>; title="a, <b>; \\"c\\""; rel=next`;
  expect(parseLinks(header)).toEqual([
    { url: search, rel: "self" },
    { url: "https://acme.okta.com/api/v1/users?after=1,2", rel: "next" },
  ]);
  expect(nextLink(header)).toBe("https://acme.okta.com/api/v1/users?after=1,2");
});

test("no header, an unreadable one or one without next: no next", () => {
  expect(nextLink(null)).toBeNull();
  expect(nextLink("nonsense; rel=next")).toBeNull();
  expect(nextLink('<https://x/y>; rel="self"')).toBeNull();
});

test("reads back any links it could be given", () => {
  const url = fc.string({ maxLength: 40 }).map((text) => `https://acme.okta.com/api?q=${text.replaceAll(/[<>]/g, "")}`);
  const rel = fc.constantFrom("self", "next", "prev");
  fc.assert(
    fc.property(fc.array(fc.record({ url, rel }), { maxLength: 5 }), (links) => {
      expect(parseLinks(links.map((link) => `<${link.url}>; rel="${link.rel}"`).join(", "))).toEqual(links);
    }),
  );
});
