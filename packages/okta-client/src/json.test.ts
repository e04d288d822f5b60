import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./json.js";

test("keeps integers beyond 2^53 exact, as strings of their digits", () => {
  expect(parseJson('{"a":9007199254740993,"b":[-9223372036854775808],"c":9007199254740991}')).toEqual({
    a: "9007199254740993",
    b: ["-9223372036854775808"],
    c: 9007199254740991,
  });
});

test("leaves digits in strings and keys, and numbers with fraction or exponent, as JSON.parse has them", () => {
  const text =
    '{"12345678901234567890":"x\\"12345678901234567890\\\\","f":1.12345678901234567890,"e":12345678901234567890e2,"s":"12345678901234567890"}';
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test("agrees with JSON.parse on everything without a long integer", () => {
  const ordinary = fc
    .jsonValue()
    .map((value) => JSON.stringify(value))
    .filter((text) => !/(?<![\d.])\d{16,}(?![\d.e])/.test(text));
  fc.assert(
    fc.property(ordinary, (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("finds a long integer wherever it stands", () => {
  const number = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
  fc.assert(
    fc.property(fc.array(fc.oneof(number, fc.string()), { maxLength: 30 }), (values) => {
      const text = `[${values.map((value) => (typeof value === "bigint" ? String(value) : JSON.stringify(value))).join(",")}]`;
      const exact = values.map((value) =>
        typeof value === "string" || !Number.isSafeInteger(Number(value)) ? String(value) : Number(value),
      );
      expect(parseJson(text)).toEqual(exact);
    }),
  );
});
