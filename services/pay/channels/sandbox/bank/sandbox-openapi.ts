import type { OpenApiPart } from "@mall/kit/rest";
import { faultsSchema, payRequestSchema, payResponseSchema } from "./sandbox-routes.ts";

/** The addition to the API description of a process that serves the bank: the buyer's side, not the merchant's. */
export const sandboxOpenApi: OpenApiPart = {
  tag: "sandbox",
  paths: {
    "/sandbox/pay": operation("sandboxPay", "沙箱买家付款", "PayRequest", "PayResponse"),
    "/sandbox/faults": operation("sandboxFaults", "沙箱故障注入", "Faults", "Faults"),
  },
  schemas: {
    "sandbox.PayRequest": payRequestSchema,
    "sandbox.PayResponse": payResponseSchema,
    "sandbox.Faults": faultsSchema,
  },
};

function operation(operationId: string, summary: string, request: string, response: string): object {
  const content = (name: string): object => ({
    "application/json": { schema: { $ref: `#/components/schemas/sandbox.${name}` } },
  });
  return {
    post: {
      operationId,
      tags: ["sandbox"],
      summary,
      requestBody: { required: true, content: content(request) },
      responses: {
        "200": { description: "OK", content: content(response) },
        "4XX": { $ref: "#/components/responses/Error" },
        "5XX": { $ref: "#/components/responses/Error" },
      },
    },
  };
}
