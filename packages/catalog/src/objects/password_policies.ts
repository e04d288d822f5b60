import { boolean, integer, json, paths, text } from "../columns.js";
import { definePolicies, POLICY_WRITES } from "../policies.js";

/** Password policies: complexity, age, lockout and recovery. */
export const passwordPolicies = definePolicies({
  name: "password_policies",
  aliases: ["PasswordPolicies"],
  summary: "Password policies: complexity, age, lockout and recovery",
  type: "PASSWORD",
  columns: [
    text("conditions.authProvider.provider"),
    integer("settings.password.complexity.minLength"),
    integer("settings.password.complexity.minLowerCase"),
    integer("settings.password.complexity.minUpperCase"),
    integer("settings.password.complexity.minNumber"),
    integer("settings.password.complexity.minSymbol"),
    boolean("settings.password.complexity.excludeUsername"),
    integer("settings.password.age.maxAgeDays"),
    integer("settings.password.age.expireWarnDays"),
    integer("settings.password.age.minAgeMinutes"),
    integer("settings.password.age.historyCount"),
    integer("settings.password.lockout.maxAttempts"),
    integer("settings.password.lockout.autoUnlockMinutes"),
    text("settings.recovery.factors.recovery_question.status", { name: "recovery_question_status" }),
    text("settings.recovery.factors.okta_email.status", { name: "recovery_email_status" }),
    text("settings.recovery.factors.okta_sms.status", { name: "recovery_sms_status" }),
    text("settings.recovery.factors.okta_call.status", { name: "recovery_call_status" }),
    json("settings"),
  ],
  sets: paths(
    "conditions.people.groups.include",
    "conditions.authProvider.include",
    "settings.password.complexity.excludeAttributes",
    "settings.password.lockout.userLockoutNotificationChannels",
  ),
  writes: POLICY_WRITES,
});
