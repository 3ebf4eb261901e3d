import { z } from "zod";
import { idle, refused, secret, text } from "../key.ts";

/** go-zero's discov.EtcdConf: where a service is registered or found. Without Hosts or Key a server registers nowhere. */
export const etcdConfig = z
  .object({
    /** `host:port` of each etcd server. */
    Hosts: z.array(z.string()),
    /** Name of the service, e.g. `user.rpc`. */
    Key: z.string(),
    /** Above 0 the instance is registered under this number in place of its lease's. */
    ID: z.int().default(0),
    User: text(),
    Pass: secret(text()),
    /** Client certificate, with its key and the authority of the server's; PEM files. */
    CertFile: text(),
    CertKeyFile: text(),
    CACertFile: text(),
    InsecureSkipVerify: refused(
      "the certificate of etcd is always checked; CACertFile names who signed it",
      false,
    ),
    AutoSyncInterval: idle(z.union([z.string(), z.number()]).optional(), "the hosts are those of the file"),
  })
  .superRefine((etcd, context) => {
    const files = [etcd.CertFile, etcd.CertKeyFile, etcd.CACertFile];
    if (files.some((file) => file !== "") && files.some((file) => file === "")) {
      context.addIssue({
        code: "custom",
        message: "needs CertFile, CertKeyFile and CACertFile, or none of them",
      });
    }
    if ((etcd.User === "") !== (etcd.Pass === "")) {
      context.addIssue({ code: "custom", message: "needs User and Pass, or neither" });
    }
  });

export type EtcdConfig = z.output<typeof etcdConfig>;
