import { fastify } from "fastify";
import { createRequestSchema, createResponseSchema } from "../services/pay/api/gen/types.ts";

/**
 * The floor that pay create is measured against: the same body parsed and validated by Fastify, the same
 * answer serialised, and nothing in between.
 */
const app = fastify();
app.post(
  "/api/pay/create",
  { schema: { body: createRequestSchema, response: { 200: createResponseSchema } } },
  async () => ({ id: 1 }),
);
const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`floor is ready at ${url}\n`);
