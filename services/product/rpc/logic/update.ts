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
  call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  const { productModel, idempotency } = context;
  const { id } = request;
  if (request.status !== undefined) checkStatus(request.status);
  const changes = changesOf(request);
  const operation = { method: "/product.Product/Update", request: { id, ...changes } };
  return idempotency.once<UpdateResponse>(call, operation, async (_save, commit) => {
    if ((await productModel.findLive(id)) === undefined) throw productNotFound();
    return commit(async (tx) => {
      if (!(await productModel.update(id, changes, tx && { tx }))) throw productNotFound();
      return {};
    });
  });
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
