import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import type { ServiceContext } from "../context.ts";
import type { ListRequest, ListResponse } from "../gen/product.ts";
import { productMessage } from "./detail.ts";

/** A page of products, newest first, without removed ones. */
export async function list(
  { productModel }: Pick<ServiceContext, "productModel">,
  _call: Call,
  request: ListRequest,
): Promise<ListResponse> {
  const { rows, next } = await productModel.findPage({ ...request, limit: pageLimit(request.limit) });
  return { products: rows.map(productMessage), next };
}
