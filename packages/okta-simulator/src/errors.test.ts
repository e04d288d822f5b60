import { expect, test } from "vitest";

import { logError, oktaError } from "./errors.js";

test("an error is written as Okta writes it: five keys in order, an id of its own", () => {
  const error = oktaError("E0000007", { arg: "Resource not found: 00u1 (User)" });
  expect(error.status).toBe(404);
  expect(Object.keys(error.body)).toEqual(["errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"]);
  expect(error.body.errorSummary).toBe("Not found: Resource not found: 00u1 (User)");
  expect(error.body.errorId).toMatch(/^oae[\w-]{22}$/);
  expect(oktaError("E0000007").body.errorId).not.toBe(error.body.errorId);
});

test("causes become a list of summaries, a dollar sign in them stays one", () => {
  const error = oktaError("E0000001", { arg: "$& login", causes: ["login: taken"] });
  expect(error.body.errorSummary).toBe("Api validation failed: $& login");
  expect(error.body.errorCauses).toEqual([{ errorSummary: "login: taken" }]);
});

test("the System Log words its errors itself and leaves link and causes out", () => {
  const error = logError("E0000053", "Invalid parameter: x");
  expect(error.status).toBe(400);
  expect(Object.keys(error.body)).toEqual(["errorCode", "errorSummary", "errorId"]);
});
