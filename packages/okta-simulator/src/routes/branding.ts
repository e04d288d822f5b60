import { type Context, NO_CONTENT, ok, type Reply } from "../http.js";
import type { JsonObject } from "../json.js";
import type { ResourceDefinition } from "../resources/definition.js";
import type { Router } from "../router.js";
import { appOf } from "./apps.js";

function declared(context: Context, name: string): ResourceDefinition {
  return context.resources.named(name);
}

const TEMPLATE = "/api/v1/brands/{brandId}/templates/email/{templateName}";

/** The template's path, once the brand and the template are known to be there. */
function templateOf(context: Context): { readonly ancestors: Readonly<Record<string, string>>; readonly href: string } {
  const ancestors = context.resources.checkAncestors(declared(context, "email_customizations"), context.params);
  const href = `${context.base}/api/v1/brands/${ancestors["brandId"]}/templates/email/${ancestors["templateName"]}`;
  return { ancestors, href };
}

/** Okta's own text of a template, with its variables (`default-content`) or with values in their place (`preview`). */
function defaultContent(preview: boolean) {
  return (context: Context): Reply => {
    const { ancestors, href } = templateOf(context);
    const name = ancestors["templateName"] ?? "";
    const self = `${href}/default-content${preview ? "/preview" : ""}`;
    return ok({
      subject: `${name} of ${preview ? "Simulated Ltd" : "${org.name}"}`,
      body: `<html><body>Hi ${preview ? "Ada" : "${user.profile.firstName}"}</body></html>`,
      _links: { self: { href: self, hints: { allow: ["GET"] } } },
    });
  };
}

function customizationPreview(context: Context): Reply {
  const { ancestors, href } = templateOf(context);
  const id = context.params["customizationId"] ?? "";
  const { subject, body } = context.resources.get(declared(context, "email_customizations"), ancestors, id);
  return ok({ subject, body, _links: { self: { href: `${href}/customizations/${id}/preview` } } });
}

/** No mail leaves a simulated org. */
function testMail(context: Context): Reply {
  templateOf(context);
  return NO_CONTENT;
}

const DEFAULTS: Readonly<Record<string, string>> = {
  error: "<html><head><title>{{orgName}} - {{errorSummary}}</title></head><body>{{errorDescription}}</body></html>",
  "sign-in": "<html><head><title>{{pageTitle}}</title></head><body>{{{OktaUtil}}}</body></html>",
};

/** What a brand's page is made of; each part is shown where `expand` names it (OpenAPI spec). */
function pageRoot(page: "error" | "sign-in") {
  return (context: Context): Reply => {
    const { resources, params, query } = context;
    const definition = declared(context, page === "error" ? "error_pages" : "sign_in_pages");
    const ancestors = resources.checkAncestors(definition, params);
    const self = `${context.base}/api/v1/brands/${ancestors["brandId"]}/pages/${page}`;
    const parts: JsonObject = {
      default: { pageContent: DEFAULTS[page] },
      customized: resources.find(definition, ancestors, ""),
      customizedUrl: `${self}/customized`,
      preview: undefined,
      previewUrl: `${self}/preview`,
    };
    const wanted = new Set(query.getAll("expand").flatMap((text) => text.split(",")));
    const embedded = Object.fromEntries(Object.entries(parts).filter(([name]) => wanted.has(name)));
    const links = ["default", "customized", "preview"].map((name) => [name, { href: `${self}/${name}` }]);
    return ok({ _embedded: embedded, _links: { self: { href: self }, ...Object.fromEntries(links) } });
  };
}

function widgetVersions(context: Context): Reply {
  context.resources.checkAncestors(declared(context, "sign_in_pages"), context.params);
  return ok(["*", "^5", "^6", "^7", "7.30", "7.31"]);
}

/** Pictures of a theme: the property that names each, and what is there without one. */
const PICTURES = [
  { path: "logo", property: "logo", without: "https://static.example.com/logo.png" },
  { path: "favicon", property: "favicon", without: "https://static.example.com/favicon.ico" },
  { path: "background-image", property: "backgroundImage", without: null },
] as const;

/** Names a theme's picture anew. That the log calls it a change of the theme is an assumption. */
function setPicture(context: Context, property: string, url: string | null): void {
  const { base, params, resources } = context;
  const definition = declared(context, "themes");
  const ancestors = resources.checkAncestors(definition, params);
  const write = { status: 201, event: "system.theme.update" };
  const id = params["themeId"] ?? "";
  resources.write({ definition, ancestors, base, id, body: { [property]: url }, write, partial: true });
}

/** The picture itself is not kept (recorded traffic: 201 with its address alone). */
function upload(property: string) {
  return (context: Context): Reply => {
    const url = `https://static.example.com/fs/${context.org.ids.encode("fs0", context.org.fresh())}`;
    setPicture(context, property, url);
    return { status: 201, json: JSON.stringify({ url }) };
  };
}

/** What brands show beside what is kept of them. */
export function brandingRoutes(router: Router): void {
  router.add("GET", `${TEMPLATE}/default-content`, defaultContent(false));
  router.add("GET", `${TEMPLATE}/default-content/preview`, defaultContent(true));
  router.add("GET", `${TEMPLATE}/customizations/{customizationId}/preview`, customizationPreview);
  router.add("POST", `${TEMPLATE}/test`, testMail);
  for (const page of ["error", "sign-in"] as const) {
    const path = `/api/v1/brands/{brandId}/pages/${page}`;
    router.add("GET", path, pageRoot(page));
    router.add("GET", `${path}/default`, ({ params, resources }) => {
      resources.checkAncestors(resources.named("error_pages"), params);
      return ok({ pageContent: DEFAULTS[page] });
    });
  }
  router.add("GET", "/api/v1/brands/{brandId}/pages/sign-in/widget-versions", widgetVersions);
  for (const { path, property, without } of PICTURES) {
    const picture = `/api/v1/brands/{brandId}/themes/{themeId}/${path}`;
    router.add("POST", picture, upload(property));
    router.add("DELETE", picture, (context) => {
      setPicture(context, property, without);
      return NO_CONTENT;
    });
  }
  // Neither the org nor an application shows its logo's address here.
  router.add("POST", "/api/v1/org/logo", () => ({ status: 201 }));
  router.add("POST", "/api/v1/apps/{appId}/logo", (context) => {
    appOf(context);
    return { status: 201 };
  });
}
