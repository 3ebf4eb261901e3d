import type { Call } from "@mall/kit/context";
import type { NewProductRow } from "../../model/gen/product-model.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/product.ts";
import { checkStatus } from "../status.ts";

/**
 * Changes the fields that are set and no others, so that a sale or another edit at the same time is not
 * overwritten. Set is what the message says is set: zero and empty text are values.
 */
export async function update(
  context: ServiceContext,
  _call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  if (request.status !== undefined) checkStatus(request.status);
  const product = await context.productModel.findLive(request.id);
  if (product === undefined) throw productNotFound();
  const changed = await context.productModel.update(request.id, changesOf(request));
  if (!changed) throw productNotFound();
  return {};
}

function changesOf({ name, desc, stock, amount, status }: UpdateRequest): Partial<NewProductRow> {
  return {
    ...(name !== undefined && { name }),
    ...(desc !== undefined && { desc }),
    ...(stock !== undefined && { stock }),
    ...(amount !== undefined && { amount }),
    ...(status !== undefined && { status }),
  };
}
