export { SimRedis } from "./sim-redis.ts";
