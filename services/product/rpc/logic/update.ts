import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import type { Transaction } from "@mall/kit/store";
import { checkStatus, PRODUCT_STATUS, type ProductRow } from "../../model/product-model.ts";
import { actOnProduct } from "../act-on-product.ts";
import { changedStock } from "../changed-stock.ts";
import type { ServiceContext } from "../context.ts";
import { productChanged, productNotFound } from "../errors.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/product.ts";

/**
 * Changes the fields that are set and no others, so that a sale or another edit at the same time is not
 * overwritten. Set is what the message says is set: zero and empty text are values. Stock is changed by difference,
 * or to a number; what is expected must be so when it is written. A number that expects nothing is a Go peer's, or
 * of somebody who knows that nothing is sold meanwhile.
 *
 * @throws AppError ABORTED PRODUCT_CHANGED naming what is no longer as expected.
 */
export async function update(
  context: ServiceContext,
  call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  checkRequest(request);
  return context.idempotency.once<UpdateResponse>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      const act = { tx, id: () => request.id };
      await actOnProduct(context, call, act, () => change(context, tx, request));
      return { answer: {} };
    }),
  );
}

function checkRequest({ status, stock, stockChange }: UpdateRequest): void {
  if (status !== undefined) checkStatus(status);
  if (stock !== undefined && stockChange !== undefined) {
    throw invalidArgument("stockChange", "must not come with stock");
  }
}

async function change(
  { productModel }: ServiceContext,
  tx: Transaction,
  request: UpdateRequest,
): Promise<void> {
  const product = await productModel.lockOne(request.id, tx);
  if (product === undefined || product.status === PRODUCT_STATUS.removed) throw productNotFound();
  refuseUnexpected(product, request);
  const changes = { ...valuesOf(request), ...stockOf(product, request) };
  const { stock, status } = product;
  const expect = { status, ...(changes.stock !== undefined && { stock }) };
  if (!(await productModel.update(product.id, changes, { expect, tx }))) throw productChanged("stock");
}

function refuseUnexpected(product: ProductRow, request: UpdateRequest): void {
  const { expectedStock, expectedAmount, expectedStatus, expectedName, expectedDesc } = request;
  if ((expectedStock ?? product.stock) !== product.stock) throw productChanged("stock");
  if ((expectedAmount ?? product.amount) !== product.amount) throw productChanged("amount");
  if ((expectedStatus ?? product.status) !== product.status) throw productChanged("status");
  if ((expectedName ?? product.name) !== product.name) throw productChanged("name");
  if ((expectedDesc ?? product.desc) !== product.desc) throw productChanged("desc");
}

function valuesOf({ name, desc, amount, status }: UpdateRequest): Partial<ProductRow> {
  return {
    ...(name !== undefined && { name }),
    ...(desc !== undefined && { desc }),
    ...(amount !== undefined && { amount }),
    ...(status !== undefined && { status }),
  };
}

function stockOf(product: ProductRow, { stock, stockChange }: UpdateRequest): Partial<ProductRow> {
  if (stock !== undefined) return { stock };
  if (stockChange === undefined) return {};
  return { stock: changedStock(product.stock, stockChange, "stockChange") };
}
