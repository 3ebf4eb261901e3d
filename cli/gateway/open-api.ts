import { joinOpenApi, type OpenApiPart } from "@mall/kit/rest";

/** What a gateway's `/openapi.json` tells. */
export function gatewayOpenApi(parts: readonly OpenApiPart[]): object {
  const info = {
    title: "mall",
    version: "0.1.0",
    description: "user, product, order and pay behind one gateway",
  };
  return joinOpenApi(info, parts);
}
