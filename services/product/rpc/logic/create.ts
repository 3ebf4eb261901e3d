import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/product.ts";
import { checkStatus } from "../status.ts";

/** Puts a product up. */
export async function create(
  context: ServiceContext,
  _call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  checkStatus(request.status);
  const { name, desc, stock, amount, status } = request;
  return { id: await context.productModel.insert({ name, desc, stock, amount, status }) };
}
