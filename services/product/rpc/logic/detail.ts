import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/product.ts";

/** One product. */
export async function detail(
  context: ServiceContext,
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const product = await context.productModel.findLive(request.id);
  if (product === undefined) throw productNotFound();
  const { id, name, desc, stock, amount, status } = product;
  return { id, name, desc, stock, amount, status };
}
