import { oktaError } from "../errors.js";
import { bodyOf, type Context, NO_CONTENT, ok, type Reply } from "../http.js";
import { type JsonObject, objectAt, stringAt } from "../json.js";
import { userTarget } from "../org/targets.js";
import { createUser, deleteUser, updateUser } from "../org/user-changes.js";
import { LIFECYCLE } from "../org/user-lifecycle.js";
import { credentialsOf, type User } from "../org/users.js";
import { endSessions } from "../resources/sessions.js";
import type { Router } from "../router.js";
import { etagOf, singleJson, userOf } from "./users.js";

function present(context: Context): User {
  const user = context.org.users.get(userOf(context));
  if (!user) throw oktaError("E0000007", { arg: "User" });
  return user;
}

/** 412 E0000231 when the caller's tag is old, 400 E0000242 when it is none (Okta docs). */
function checkMatch(context: Context, user: User): void {
  const tag = context.headers["if-match"];
  if (tag === undefined) return;
  if (!/^(W\/)?"[^"]*"$/.test(tag)) throw oktaError("E0000242");
  const bare = (text: string): string => text.replace(/^W\//, "");
  if (bare(tag) !== bare(etagOf(user))) throw oktaError("E0000231");
}

function create(context: Context): Reply {
  const user = createUser(context.org, bodyOf(context), {
    activate: context.query.get("activate") !== "false",
    provider: context.query.get("provider") === "true",
    nextLogin: context.query.get("nextLogin"),
  });
  return ok(singleJson(context, user));
}

function change(replace: boolean) {
  return (context: Context): Reply => {
    const user = present(context);
    checkMatch(context, user);
    return ok(singleJson(context, updateUser(context.org, user, { body: bodyOf(context), replace })));
  };
}

function lifecycle(name: string) {
  return (context: Context): Reply => {
    const operation = LIFECYCLE[name];
    if (!operation) throw oktaError("E0000008");
    const user = present(context);
    const quiet =
      name === "activate" || name === "reactivate" || name === "reset_password"
        ? context.query.get("sendEmail") === "false"
        : true;
    const answer = operation(context.org, user, { sendEmail: !quiet, base: context.base });
    return ok(answer ?? singleJson(context, present(context)));
  };
}

function newValue(body: JsonObject, name: string): string {
  const value = stringAt(objectAt(body, name), "value");
  if (!value) throw oktaError("E0000001", { arg: name, causes: [`${name}: The field cannot be left blank`] });
  return value;
}

function changePassword(context: Context): Reply {
  const { org } = context;
  const user = present(context);
  const body = bodyOf(context);
  if (!["ACTIVE", "STAGED", "RECOVERY", "PASSWORD_EXPIRED"].includes(user.status)) throw oktaError("E0000035");
  if (typeof user.password === "string" && user.password !== newValue(body, "oldPassword")) {
    throw oktaError("E0000014", { causes: ["Old Password is not correct"] });
  }
  const now = org.stamp();
  const updated: User = {
    ...user,
    password: newValue(body, "newPassword"),
    passwordChanged: now,
    lastUpdated: now,
    ...(user.status === "STAGED" ? {} : { status: "ACTIVE" as const }),
  };
  org.users.set(user.index, updated, org.now());
  org.happened({ type: "user.account.update_password", targets: [userTarget(updated)] });
  return ok(credentialsOf(updated));
}

function changeQuestion(context: Context): Reply {
  const { org } = context;
  const user = present(context);
  const body = bodyOf(context);
  if (typeof user.password === "string" && user.password !== newValue(body, "password")) throw oktaError("E0000036");
  const question = stringAt(objectAt(body, "recovery_question"), "question");
  if (!question)
    throw oktaError("E0000001", {
      arg: "recovery_question",
      causes: ["recovery_question: The field cannot be left blank"],
    });
  const answer = stringAt(objectAt(body, "recovery_question"), "answer");
  const updated: User = {
    ...user,
    recoveryQuestion: question,
    ...(answer === undefined ? {} : { recoveryAnswer: answer }),
    lastUpdated: org.stamp(),
  };
  org.users.set(user.index, updated, org.now());
  org.happened({
    type: "user.account.update_profile",
    targets: [userTarget(updated)],
    debugData: { changedAttributes: "recovery_question" },
  });
  return ok(credentialsOf(updated));
}

function forgotPassword(context: Context): Reply {
  const user = present(context);
  if (user.status !== "ACTIVE") throw oktaError("E0000034");
  return ok(
    LIFECYCLE["reset_password"]?.(context.org, user, {
      sendEmail: context.query.get("sendEmail") !== "false",
      base: context.base,
    }) ?? {},
  );
}

/** Sets a new password with the answer to the recovery question (OpenAPI spec: only ACTIVE users that have one). */
function answerQuestion(context: Context): Reply {
  const { org } = context;
  const user = present(context);
  const body = bodyOf(context);
  if (user.status !== "ACTIVE" || user.recoveryQuestion === undefined) throw oktaError("E0000034");
  const answer = stringAt(objectAt(body, "recovery_question"), "answer");
  if (user.recoveryAnswer !== undefined && answer !== user.recoveryAnswer) throw oktaError("E0000087");
  const now = org.stamp();
  const updated: User = { ...user, password: newValue(body, "password"), passwordChanged: now, lastUpdated: now };
  org.users.set(user.index, updated, org.now());
  org.happened({ type: "user.account.update_password", targets: [userTarget(updated)] });
  return ok(credentialsOf(updated));
}

/** Changing users: create, update, delete, lifecycle, credentials. */
export function userWrites(router: Router): void {
  const path = "/api/v1/users/{userId}";
  router.add("POST", "/api/v1/users", create);
  router.add("POST", path, change(false));
  router.add("PUT", path, change(true));
  router.add("DELETE", path, (context) => {
    deleteUser(context.org, present(context));
    return NO_CONTENT;
  });
  for (const name of Object.keys(LIFECYCLE)) router.add("POST", `${path}/lifecycle/${name}`, lifecycle(name));
  router.add("POST", `${path}/credentials/change_password`, changePassword);
  router.add("POST", `${path}/credentials/change_recovery_question`, changeQuestion);
  router.add("POST", `${path}/credentials/forgot_password`, forgotPassword);
  router.add("POST", `${path}/credentials/forgot_password_recovery_question`, answerQuestion);
  router.add("DELETE", `${path}/sessions`, (context) => {
    const user = present(context);
    endSessions(context.resources, user.id);
    context.org.happened({ type: "user.session.clear", targets: [userTarget(user)] });
    return NO_CONTENT;
  });
}
