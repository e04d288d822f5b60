import { type Context, NO_CONTENT, ok, type Reply } from "../http.js";
import type { JsonObject } from "../json.js";
import type { ResourceDefinition } from "../resources/definition.js";
import type { Router } from "../router.js";

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
}
