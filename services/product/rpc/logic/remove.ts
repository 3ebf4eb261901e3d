import type { Call } from "@mall/kit/context";
import { PRODUCT_STATUS } from "../../model/product-state.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/product.ts";

/** Takes a product away; its row stays for the orders that name it. */
export async function remove(
  context: ServiceContext,
  _call: Call,
  request: RemoveRequest,
): Promise<RemoveResponse> {
  const product = await context.productModel.findLive(request.id);
  if (product === undefined) throw productNotFound();
  await context.productModel.update(request.id, { status: PRODUCT_STATUS.removed });
  return {};
}
