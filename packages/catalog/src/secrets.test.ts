import { expect, it } from "vitest";

import { objectNamed } from "./registry.js";
import { coverageOf } from "./testing/index.js";

/** What Okta's specification, its SDK or recorded traffic know as a secret, and where an answer may hold it. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  api_service_integrations: ["clientSecret"],
  application_connections: ["profile.token", "profile.settings.adminPassword"],
  applications: [
    "credentials.password.value",
    "credentials.oauthClient.client_secret",
    "settings.oauthClient.jwks.keys.d",
    "settings.app.token",
    "settings.app.password",
    "settings.app.authToken",
    "settings.app.secretKey",
  ],
  application_keys: ["d"],
  authenticators: ["provider.configuration.secretKey", "provider.configuration.sharedSecret"],
  authorization_server_keys: ["d"],
  authorization_server_resource_keys: ["d"],
  authorization_servers: ["jwks.keys.d", "jwks.keys.k"],
  captchas: ["secretKey"],
  client_applications: ["client_secret", "jwks.keys.d"],
  client_jwks: ["d", "oth", "k"],
  client_secrets: ["client_secret", "secret_hash"],
  email_servers: ["password"],
  enrolled_factors: ["profile.answer", "profile.sharedSecret", "passCode", "profile.keys.d", "verify.passCode"],
  event_hooks: ["channel.config.authScheme.value", "channel.config.headers.value"],
  hook_keys: ["_embedded.d"],
  identity_provider_keys: ["d"],
  identity_provider_signing_keys: ["d"],
  identity_providers: [
    "protocol.credentials.client.client_secret",
    "protocol.credentials.bearer.apiKey",
    "protocol.credentials.signing.privateKey",
  ],
  inline_hooks: ["channel.config.authScheme.value", "channel.config.clientSecret", "channel.config.headers.value"],
  log_streams: ["settings.token"],
  push_providers: ["configuration.tokenSigningKey", "configuration.serviceAccountJson.private_key"],
  telephony_providers: ["providerAuthToken"],
  users: ["credentials.password.value", "credentials.recovery_question.answer"],
  yubikey_tokens: ["privateId", "aesKey"],
};

it.each(Object.entries(SECRETS))("secrets of %s are declared", (name, leaves) => {
  const definition = objectNamed(name);
  const open = leaves.filter((leaf) => !definition || coverageOf(definition, leaf.split("."))?.in !== "secret");
  expect(open).toEqual([]);
});
