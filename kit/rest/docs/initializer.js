// `validatorUrl: null` keeps Swagger UI from asking a public server to check the document.
globalThis.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
