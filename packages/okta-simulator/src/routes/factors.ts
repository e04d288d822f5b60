import { oktaError } from "../errors.js";
import { bodyOf, type Context, ok, type Reply } from "../http.js";
import { objectAt } from "../json.js";
import { userTarget } from "../org/targets.js";
import { factors, offeredFactors, QUESTIONS } from "../resources/factors.js";
import { shown } from "../resources/items.js";
import type { Router } from "../router.js";
import { userOf } from "./users.js";

/** Which kinds a user may enrol, and whether it has. */
function catalog(context: Context): Reply {
  const { org, resources } = context;
  const userId = org.users.id(userOf(context));
  return ok(offeredFactors(resources, userId, context.base));
}

function questions(context: Context): Reply {
  userOf(context);
  return ok(Object.entries(QUESTIONS).map(([question, questionText]) => ({ question, questionText })));
}

/** Proves a factor: a question by its answer; of the others, any code will do here. */
function verify(context: Context): Reply {
  const { org, resources } = context;
  const u = userOf(context);
  const factor = resources.get(factors, { userId: org.users.id(u) }, context.params["factorId"] ?? "");
  if (factor["status"] !== "ACTIVE") throw oktaError("E0000107");
  const { answer } = bodyOf(context);
  const right = factor["factorType"] !== "question" || objectAt(factor, "profile")["answer"] === answer;
  const user = org.users.get(u);
  org.happened({ type: "user.authentication.auth_via_mfa", targets: user ? [userTarget(user)] : [] });
  if (!right) throw oktaError("E0000068", { causes: ["Your answer doesn't match our records. Please try again."] });
  return ok({ factorResult: "SUCCESS" });
}

/** A new code for an enrolment that waits for one; nothing leaves a simulated org. */
function resend(context: Context): Reply {
  const { base, org, resources } = context;
  const ancestors = { userId: org.users.id(userOf(context)) };
  const factor = resources.get(factors, ancestors, context.params["factorId"] ?? "");
  if (!["sms", "call", "email"].includes(String(factor["factorType"]))) throw oktaError("E0000060");
  return ok(shown(factors, factor, resources.context({ ancestors, base })));
}

/** What is done with factors beyond keeping them. */
export function factorRoutes(router: Router): void {
  const path = "/api/v1/users/{userId}/factors";
  router.add("GET", `${path}/catalog`, catalog);
  router.add("GET", `${path}/questions`, questions);
  router.add("POST", `${path}/{factorId}/verify`, verify);
  router.add("POST", `${path}/{factorId}/resend`, resend);
}
