export { checkConfig, loadConfig } from "./load-config.ts";
export {
  authConfig,
  mysqlConfig,
  type RestConfig,
  type RpcClientConfig,
  type RpcServerConfig,
  restConfig,
  rpcClientConfig,
  rpcServerConfig,
  type ServiceConfig,
  serviceConfig,
} from "./schemas.ts";
