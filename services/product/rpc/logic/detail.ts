import type { Call } from "@mall/kit/call";
import type { ProductRow } from "../../model/product-model.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/product.ts";

/** One product, as the database or a view has it. */
export async function detail(
  { productModel }: { readonly productModel: Pick<ServiceContext["productModel"], "findLive"> },
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const product = await productModel.findLive(request.id);
  if (product === undefined) throw productNotFound();
  return productMessage(product);
}

/** A product as the contract describes it. */
export function productMessage({ id, name, desc, stock, amount, status }: ProductRow): DetailResponse {
  return { id, name, desc, stock, amount, status };
}
